#include <clairgate/base/text.hpp>
#include <clairgate/gate/settings.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

SettingInfo const& info_of(std::string_view name) {
    auto const infos = setting_infos();
    auto const found = std::find_if(
        infos.begin(), infos.end(), [&](SettingInfo const& i) { return i.name == name; });
    CLAIRGATE_ASSERT(found != infos.end());
    return *found;
}

// A password that somebody wrote into a URL is refused where the URL is used, and not shown here.
std::string without_userinfo(std::string text) {
    auto const scheme = text.find("://");
    if (scheme == std::string::npos)
        return text;
    auto const begin = scheme + 3;
    auto const at = text.rfind('@'); // the last one: a password may hold any character
    if (at == std::string::npos || at < begin)
        return text;
    return text.replace(begin, at - begin, "…");
}

constexpr std::size_t help_column = 28;
constexpr std::size_t width = 80;

// `line`, and to the right of it `help`, broken between words.
std::string beside(std::string line, std::string_view help) {
    std::string out;
    if (line.size() + 1 >= help_column) {
        out = line + "\n";
        line.clear();
    }
    line.resize(help_column - 1, ' ');
    for (auto const word : split(help, ' ')) {
        if (line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line.assign(help_column - 1, ' ');
        }
        line += cat(" ", word);
    }
    return out + line + "\n";
}

} // namespace

bool Settings::is_set(std::string_view name) const {
    return values_.find(name) != values_.end();
}

std::optional<std::string> Settings::text(std::string_view name) const {
    auto const& info = info_of(name);
    if (auto const found = values_.find(name);
        found != values_.end() && !found->second.texts.empty())
        return found->second.texts.back();
    if (info.fallback.empty())
        return std::nullopt;
    return std::string(info.fallback);
}

std::vector<std::string> Settings::list(std::string_view name) const {
    CLAIRGATE_ASSERT(info_of(name).kind == SettingKind::list);
    auto const found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second.texts;
}

bool Settings::flag(std::string_view name) const {
    auto const value = text(name);
    return value && (*value == "true" || *value == "1" || *value == "yes");
}

Duration Settings::duration(std::string_view name) const {
    auto const value = text(name);
    CLAIRGATE_ASSERT(value.has_value());
    auto const parsed = parse_duration(*value);
    CLAIRGATE_ASSERT(parsed.has_value()); // checked when it was read
    return *parsed;
}

std::string Settings::origin(std::string_view name) const {
    if (auto const found = values_.find(name); found != values_.end())
        return found->second.origin;
    return info_of(name).fallback.empty() ? "unset" : "default";
}

std::string help_of(Command command) {
    std::string out;
    std::string_view group;
    for (auto const& info : setting_infos()) {
        if ((info.commands & static_cast<unsigned>(command)) == 0)
            continue;
        if (info.group != group) {
            group = info.group;
            out += cat(out.empty() ? "" : "\n", group, ":\n");
        }
        auto head = cat("  ", info.name == "output" ? "-o, " : "", "--", info.name);
        if (!info.placeholder.empty())
            head += cat(" ", info.placeholder);
        auto const help = info.fallback.empty() ? std::string(info.help)
                                                : cat(info.help, " [", info.fallback, "]");
        out += beside(head, help);
    }
    if (!out.empty())
        out += "\nEvery option is also CLAIRGATE_NAME in the environment and a key of --config "
               "FILE.\n";
    return out;
}

std::string show_origins(Settings const& settings) {
    std::string out;
    for (auto const& info : setting_infos()) {
        if (info.name == "origin")
            continue;
        std::string value;
        if (info.kind == SettingKind::list)
            for (auto const& one : settings.list(info.name))
                value += cat(value.empty() ? "" : " ", without_userinfo(one));
        else
            value = without_userinfo(settings.text(info.name).value_or(""));
        auto head = cat(info.name, " = ", value.empty() ? std::string("-") : printable(value));
        if (head.size() < 50)
            head.resize(50, ' ');
        out += cat(head, " # ", printable(settings.origin(info.name)), "\n");
    }
    return out;
}

} // namespace clairgate::gate
