#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <algorithm>

// `.trivyignore`: one id a line for all of trivy's scanners, then words of which only
// exp:YYYY-MM-DD counts: the line stops holding when that day begins, UTC.
namespace clairgate::policy::imports {

namespace {

constexpr std::string_view white_space = " \t\r\v\f";

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(white_space), line.size()));
        if (line.empty())
            return words;
        words.push_back(line.substr(0, line.find_first_of(white_space)));
        line.remove_prefix(words.back().size());
    }
}

// What stands behind a '#' of the line.
std::string_view remark_of(std::string_view line) {
    auto const hash = line.find(" #");
    return hash == std::string_view::npos ? std::string_view() : trim(line.substr(hash + 2));
}

void read_line(std::string_view line, std::string comment, Draft& draft) {
    auto const words = words_of(line);
    auto const id = words.front();
    if (!is_vulnerability_id(id))
        return draft.leave(id, not_an_id);
    DraftWaiver waiver;
    waiver.ids = {std::string(id)};
    waiver.comment = std::move(comment);
    auto const expiry = std::find_if(
        words.begin(), words.end(), [](std::string_view word) { return word.starts_with("exp:"); });
    if (expiry != words.end()) {
        auto const day = parse_day(expiry->substr(4));
        if (!day)
            return draft.leave(id,
                               cat("\"", *expiry, "\" is no date, and trivy drops such a line"));
        waiver.last_day = last_day_before(*day);
    }
    draft.only_file().waivers.push_back(std::move(waiver));
}

} // namespace

Result<Draft> read_trivyignore(std::string_view text) {
    Draft draft;
    std::string comment; // of the lines right before an entry
    for (auto const whole : split(text, '\n')) {
        auto const line = trim(whole);
        if (line.starts_with('#')) {
            comment += cat(comment.empty() ? "" : " ", trim(line.substr(1)));
            continue;
        }
        if (!line.empty()) {
            if (auto const remark = remark_of(line); !remark.empty())
                comment += cat(comment.empty() ? "" : " ", remark);
            read_line(line, std::move(comment), draft);
        }
        comment.clear();
    }
    return draft;
}

bool is_trivyignore(std::string_view text) {
    bool has_entry = false;
    for (auto const whole : split(text, '\n')) {
        auto const line = trim(whole);
        if (line.empty() || line.starts_with('#'))
            continue;
        has_entry = true;
        if (!is_vulnerability_id(words_of(line).front()))
            return false;
    }
    return has_entry;
}

} // namespace clairgate::policy::imports
