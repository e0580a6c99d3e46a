#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

// Harbor's CVE allow-list: of the system (`GET /system/CVEAllowlist`), or within a project
// (`GET /projects/NAME`). It ends as a whole, at `expires_at` in seconds since 1970, or never.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

constexpr std::string_view list_key = "cve_allowlist";
constexpr std::int64_t seconds_max = 253'402'300'799; // the end of the year 9999

Error not_harbor(std::string_view why) {
    return {ErrorKind::protocol, cat("not an allow-list of Harbor: ", why)};
}

// Harbor tells neither its own host nor the names of its repositories; a project's name stands in
// front of them.
Result<std::vector<std::string>> project_globs(json const& project) {
    auto const name = text_of(project, "name");
    auto const reference = image::Reference::parse(cat("registry.invalid/", name));
    if (!reference.has_value() || reference->repository().path != name)
        return not_harbor("its project has no usable name");
    return std::vector{cat("*/", name, "/**")};
}

Result<std::optional<Day>> last_day_of(json const& list) {
    auto const end = list.find("expires_at");
    if (end == list.end() || end->is_null())
        return std::optional<Day>();
    if (!end->is_number_integer() || *end < 0 || *end > seconds_max)
        return not_harbor("its expires_at is no number of seconds since 1970");
    return std::optional(
        last_day_before(SystemTime(std::chrono::seconds(end->get<std::int64_t>()))));
}

bool is_of_project(json const& list) {
    auto const id = list.find("project_id");
    return id != list.end() && !id->is_null() && *id != 0;
}

// Why no item of the list holds here as it does there; "" when they do.
std::string_view why_not(json const& document, json const& list, bool is_project) {
    if (!is_project && is_of_project(list))
        return "the list is of one project: import the answer of GET /projects/NAME, which names "
               "it";
    auto const* const metadata = clairgate::json::find(document, "metadata");
    if (is_project && metadata != nullptr &&
        text_of(*metadata, "reuse_sys_cve_allowlist") == "true")
        return "the project uses the system's list instead";
    return {};
}

} // namespace

Result<Draft> read_harbor(json const& document) {
    if (!document.is_object())
        return not_harbor("it is no object");
    auto const within = document.find(list_key);
    bool const is_project = within != document.end();
    auto const& list = is_project ? *within : document;
    auto const items = list.is_object() ? list.find("items") : list.end();
    if (!list.is_object() || items == list.end() || !(items->is_array() || items->is_null()))
        return not_harbor("it has no list \"items\"");
    auto const why = why_not(document, list, is_project);
    auto const last_day = TRY(last_day_of(list));
    auto const images =
        is_project && why.empty() ? TRY(project_globs(document)) : std::vector<std::string>();
    Draft draft;
    for (auto const& item : *items) {
        auto const id = text_of(item, "cve_id");
        if (!is_vulnerability_id(id)) {
            draft.leave(id.empty() ? "an item without cve_id" : id, not_an_id);
            continue;
        }
        if (!why.empty()) {
            draft.leave(id, why);
            continue;
        }
        DraftWaiver waiver;
        waiver.ids = {id};
        waiver.images = images;
        waiver.last_day = last_day;
        draft.only_file().waivers.push_back(std::move(waiver));
    }
    return draft;
}

} // namespace clairgate::policy::imports
