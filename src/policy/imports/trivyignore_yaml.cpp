#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

// `.trivyignore.yaml`: a list for each of trivy's scanners. An entry holds for the paths and purls
// it names, until its expired_at.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

constexpr std::string_view entry_keys[] = {"id", "paths", "purls", "expired_at", "statement"};
constexpr std::string_view vulnerabilities = "vulnerabilities";
constexpr std::string_view other_lists[] = {"misconfigurations", "secrets", "licenses"};

template <std::size_t N>
bool is_one_of(std::string_view word, std::string_view const (&words)[N]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// A day, or a moment: what ends within a day ends with the day before.
std::optional<Day> last_day_of(json const& value) {
    if (!value.is_string())
        return std::nullopt;
    auto const& text = value.get_ref<std::string const&>();
    if (auto const day = parse_day(text))
        return last_day_before(*day);
    auto const moment = parse_rfc3339(text);
    if (!moment.has_value())
        return std::nullopt;
    return last_day_before(*moment);
}

Result<std::vector<std::string>> globs_in(std::string_view text) {
    auto const purl = Purl::parse(text);
    if (!purl)
        return Error(ErrorKind::policy, "it is no package URL");
    return globs_of(*purl);
}

void read_purls(json const& purls, DraftWaiver& waiver, Draft& draft) {
    for (auto const& purl : purls) {
        auto const text = purl.is_string() ? purl.get<std::string>() : std::string("a purl");
        auto const globs = globs_in(text);
        if (globs.has_value())
            waiver.purls.insert(waiver.purls.end(), globs->begin(), globs->end());
        else
            draft.leave(cat(waiver.ids.front(), " of ", text), globs.error().message());
    }
}

// Why the entry cannot be had; "" when it can.
std::string read_members(json const& entry, DraftWaiver& waiver, Draft& draft) {
    bool has_purls = false;
    for (auto const& [key, value] : entry.items()) {
        bool const is_empty = value.is_null() || (value.is_array() && value.empty());
        if (!is_one_of(key, entry_keys))
            return cat("its key \"", key, "\" is not known, and may narrow it");
        if (is_empty || key == "id")
            continue;
        if (key == "paths")
            return "it holds for some paths only, and an exception here knows no paths";
        if (key == "purls" && !value.is_array())
            return "its purls are no list";
        if (key == "purls") {
            has_purls = true;
            read_purls(value, waiver, draft);
        } else if (key == "expired_at") {
            waiver.last_day = last_day_of(value);
            if (!waiver.last_day)
                return "its expired_at is no date";
        }
    }
    waiver.reason = trim(text_of(entry, "statement"));
    return has_purls && waiver.purls.empty() ? "none of its purls is left" : "";
}

void read_entry(json const& entry, Draft& draft) {
    auto const id = text_of(entry, "id");
    if (!is_vulnerability_id(id))
        return draft.leave(id.empty() ? "an entry without id" : id, not_an_id);
    DraftWaiver waiver;
    waiver.ids = {id};
    if (auto const why = read_members(entry, waiver, draft); !why.empty())
        return draft.leave(id, why);
    draft.only_file().waivers.push_back(std::move(waiver));
}

} // namespace

Result<Draft> read_trivyignore_yaml(json const& document) {
    Draft draft;
    if (!document.is_object())
        return Error(ErrorKind::protocol, "not a .trivyignore.yaml: it holds no lists by name");
    for (auto const& [key, list] : document.items()) {
        bool const is_known = key == vulnerabilities || is_one_of(key, other_lists);
        if (!is_known)
            draft.leave(key, "trivy knows no such list");
        else if (!list.is_array() && !list.is_null())
            return Error(ErrorKind::protocol, cat("not a .trivyignore.yaml: ", key, " is no list"));
    }
    for (auto const key : other_lists)
        if (auto const list = document.find(key); list != document.end())
            for (auto const& entry : *list)
                draft.leave(cat(key, ": ", text_of(entry, "id")), "it is about no vulnerability");
    if (auto const list = document.find(vulnerabilities); list != document.end())
        for (auto const& entry : *list)
            read_entry(entry, draft);
    return draft;
}

} // namespace clairgate::policy::imports
