#include <clairgate/base/text.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

// `ignore` of grype's configuration: all fields of a rule must hold, and one rule suffices. It has
// no expiry.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

// Fields that narrow a rule in ways that an exception here does not know.
constexpr std::string_view narrowing[] = {
    "namespace", "fix-state", "vex-status", "vex-justification", "match-type"};
constexpr std::string_view package_narrowing[] = {"language", "location", "upstream-name"};
// They say what the rule is, not where it holds; aliases are always matched here.
constexpr std::string_view neutral[] = {"vulnerability", "include-aliases", "reason", "package"};
constexpr std::string_view package_neutral[] = {"name", "version", "type"};
// Settings of grype that decide what passes, but are no rules.
constexpr std::string_view other_settings[] = {"fail-on-severity",
                                               "only-fixed",
                                               "only-notfixed",
                                               "ignore-states",
                                               "ignore-wontfix",
                                               "exclude",
                                               "vex-documents",
                                               "vex-add"};
constexpr std::string_view regex_characters = "^$*+?[](){}|\\";

// Package types of grype that Clair finds too, as purls spell them.
struct Type {
    std::string_view name;
    std::string_view purl;
};
constexpr Type types[] = {{"deb", "deb"},
                          {"rpm", "rpm"},
                          {"apk", "apk"},
                          {"java-archive", "maven"},
                          {"python", "pypi"},
                          {"gem", "gem"},
                          {"go-module", "golang"}};

template <std::size_t N>
bool is_one_of(std::string_view word, std::string_view const (&words)[N]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Whether the field says nothing, as grype's own output spells out unset ones.
bool is_unset(json const& value) {
    return value.is_null() || value == "" || value == false ||
           (value.is_structured() && value.empty());
}

Error cannot(std::string why) {
    return {ErrorKind::policy, std::move(why)};
}

// The fields of `object` that are set and not `known`: the first one ends the rule.
template <std::size_t N, std::size_t M>
Result<void> check_fields(json const& object,
                          std::string_view prefix,
                          std::string_view const (&known)[N],
                          std::string_view const (&narrowed_by)[M]) {
    for (auto const& [key, value] : object.items()) {
        if (is_unset(value) || is_one_of(key, known))
            continue;
        if (is_one_of(key, narrowed_by))
            return cannot(cat(
                "it holds only for some ", prefix, key, ", which an exception here does not know"));
        return cannot(cat("its field \"", prefix, key, "\" is not known, and may narrow it"));
    }
    return ok();
}

// A field that must be text. A number has lost how it was written (1.10).
Result<std::string> field(json const& object, std::string_view key) {
    auto const found = object.find(key);
    if (found == object.end() || is_unset(*found))
        return std::string();
    if (!found->is_string())
        return cannot(cat("its ", key, " is no text: write it in quotes"));
    return found->get<std::string>();
}

// The package's purls. Not the condition `package`: it takes the name of the source package too.
Result<std::vector<std::string>> purls_of(json const& package) {
    TRY_VOID(check_fields(package, "package.", package_neutral, package_narrowing));
    auto const name = TRY(field(package, "name"));
    auto const version = TRY(field(package, "version"));
    auto const type_name = TRY(field(package, "type"));
    if (name.find_first_of(regex_characters) != std::string::npos)
        return cannot("its package.name is a regular expression");
    if (type_name.empty() && name.empty())
        return cannot("its package has a version, but neither name nor type");
    std::vector<std::string> globs;
    for (auto const& type : types) {
        if (!type_name.empty() && type.name != type_name)
            continue;
        if (type.purl == "rpm" && !version.empty()) { // purls have its epoch elsewhere
            if (!type_name.empty())
                return cannot("it holds for one version of an rpm, which purls spell otherwise");
            continue;
        }
        auto const some = TRY(globs_of(type.purl, name, version));
        globs.insert(globs.end(), some.begin(), some.end());
    }
    if (globs.empty())
        return cannot(cat("Clair knows no packages of type ", type_name));
    return globs;
}

Result<DraftWaiver> waiver_of(json const& rule) {
    if (!rule.is_object())
        return cannot("it is no mapping");
    TRY_VOID(check_fields(rule, "", neutral, narrowing));
    auto const id = TRY(field(rule, "vulnerability"));
    if (id.empty())
        return cannot("it names no vulnerability, and an exception here must");
    if (!is_vulnerability_id(id))
        return cannot(std::string(not_an_id));
    DraftWaiver waiver;
    waiver.ids = {id};
    waiver.reason = trim(TRY(field(rule, "reason")));
    auto const package = rule.find("package");
    if (package == rule.end() || is_unset(*package))
        return waiver;
    if (!package->is_object())
        return cannot("its package is no mapping");
    bool const is_bare = std::all_of(package->begin(), package->end(), is_unset);
    if (!is_bare)
        waiver.purls = TRY(purls_of(*package));
    return waiver;
}

std::string name_of(json const& rule, std::size_t number) {
    auto const id = text_of(rule, "vulnerability");
    auto const package = rule.is_object() ? rule.find("package") : rule.end();
    auto const name = package == rule.end() ? "" : text_of(*package, "name");
    return cat(
        "ignore rule ", number, id.empty() ? "" : ", ", id, name.empty() ? "" : " of ", name);
}

} // namespace

Result<Draft> read_grype(json const& document) {
    auto const rules = document.is_object() ? document.find("ignore") : document.end();
    if (!document.is_object() || rules == document.end() ||
        !(rules->is_array() || rules->is_null()))
        return Error(ErrorKind::protocol,
                     "not a configuration of grype: it has no list \"ignore\"");
    Draft draft;
    std::size_t number = 0;
    for (auto const& rule : *rules) {
        ++number;
        auto waiver = waiver_of(rule);
        if (waiver.has_value())
            draft.only_file().waivers.push_back(*std::move(waiver));
        else
            draft.leave(name_of(rule, number), waiver.error().message());
    }
    for (auto const key : other_settings)
        if (auto const found = document.find(key); found != document.end() && !is_unset(*found))
            draft.leave(key, "it is no ignore rule: say it in [severity], [[rule]] or [scan]");
    return draft;
}

} // namespace clairgate::policy::imports
