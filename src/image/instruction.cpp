#include <clairgate/base/text.hpp>
#include <clairgate/image/instruction.hpp>

namespace clairgate::image {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// White space becomes one space: a long RUN has line breaks and indents.
std::string on_one_line(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (!is_space(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return out;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text = trim(text.substr(prefix.size()));
    return true;
}

// "|2 VERSION=1 DEBUG=0 /bin/sh -c …": the arguments of the build.
void skip_arguments(std::string_view& text) {
    if (!text.starts_with('|'))
        return;
    constexpr std::string_view shell = "/bin/sh -c ";
    if (auto const at = text.find(shell); at != std::string_view::npos)
        text.remove_prefix(at);
}

} // namespace

std::string dockerfile_instruction(std::string_view created_by) {
    constexpr std::size_t looked_at = 4 * instruction_bytes_max;
    auto const line = on_one_line(front(created_by, looked_at));
    std::string_view text = trim(line);
    if (text.ends_with("# buildkit"))
        text = trim(text.substr(0, text.size() - std::string_view("# buildkit").size()));
    bool is_run = take(text, "RUN ");
    skip_arguments(text);
    bool const is_shell = take(text, "/bin/sh -c ");
    if (is_shell && take(text, "#(nop)"))
        is_run = false;
    else
        is_run = is_run || is_shell;
    return cat(is_run ? "RUN " : "", front(text, instruction_bytes_max));
}

} // namespace clairgate::image
