#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/gate/foreign_report.hpp>
#include <clairgate/gate/version.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::gate {

image::Repository untold_repository() {
    return {"not-told.invalid", "image"};
}

std::string repository_of(report::Report const& report) {
    auto const& repository = report.reference.repository();
    return repository == untold_repository() ? std::string() : repository.text();
}

namespace foreign {

namespace {

constexpr double score_max = 10;
constexpr std::size_t link_bytes_max = 2048;

// Of StackRox's enumeration, which its own printer shortens.
constexpr std::string_view severity_suffix = "_VULNERABILITY_SEVERITY";
constexpr std::pair<std::string_view, finding::Severity> severity_words[] = {
    {"UNKNOWN", finding::Severity::unknown},
    {"LOW", finding::Severity::low},
    {"MODERATE", finding::Severity::medium},
    {"IMPORTANT", finding::Severity::high},
    {"CRITICAL", finding::Severity::critical}};

} // namespace

Error broken(std::string_view what) {
    return {ErrorKind::protocol, cat("stored report: ", what)};
}

Result<std::vector<std::string_view>> members(std::string_view text,
                                              std::span<std::string_view const> keys) {
    std::vector<std::string_view> values(keys.size());
    clair::JsonObject object(text);
    while (TRY(object.next())) {
        auto const found = std::find(keys.begin(), keys.end(), object.key());
        if (found == keys.end())
            continue;
        auto& value = values[static_cast<std::size_t>(found - keys.begin())];
        if (!value.empty())
            return broken(cat("JSON key twice: \"", object.key(), "\""));
        value = object.value();
    }
    return values;
}

Result<nlohmann::json> value(std::string_view text) {
    if (text.size() > entry_bytes_max)
        return Error(ErrorKind::limit, "stored report: an entry is too large");
    return json::parse(text.empty() ? "null" : text).with_context("stored report");
}

Result<nlohmann::json> entry(std::string_view text) {
    auto parsed = TRY(value(text));
    if (!parsed.is_object())
        return broken("an entry is not an object");
    return parsed;
}

Result<std::string> text_of(std::string_view key, nlohmann::json const& value) {
    if (value.is_null())
        return std::string();
    if (!value.is_string())
        return broken(cat("\"", key, "\" is not a string"));
    auto const& text = value.get_ref<std::string const&>();
    if (text.size() > text_bytes_max)
        return Error(ErrorKind::limit, cat("stored report: \"", key, "\" is too long"));
    if (text.find('\0') != std::string::npos)
        return broken(cat("\"", key, "\" holds NUL"));
    return text;
}

Result<std::string> text(nlohmann::json const& object, std::string_view key) {
    auto const* const found = json::find(object, key);
    return found == nullptr ? Result<std::string>(std::string()) : text_of(key, *found);
}

Result<std::string> told_text(nlohmann::json const& object, std::string_view key) {
    auto const* const found = json::find(object, key);
    if (found == nullptr || found->is_null())
        return broken(cat("\"", key, "\" is missing"));
    return text_of(key, *found);
}

Result<std::optional<double>> score(nlohmann::json const& object, std::string_view key) {
    auto const* const found = json::find(object, key);
    if (found == nullptr || found->is_null())
        return std::optional<double>();
    bool const is_score =
        found->is_number() && found->get<double>() >= 0.0 && found->get<double>() <= score_max;
    if (!is_score)
        return broken(cat("\"", key, "\" is not between 0 and 10"));
    auto const score = found->get<double>();
    return score > 0.0 ? std::optional(score) : std::nullopt;
}

Result<finding::Severity> stackrox_severity(std::string_view word) {
    auto stem = word;
    if (stem.ends_with(severity_suffix))
        stem.remove_suffix(severity_suffix.size());
    for (auto const& [known, severity] : severity_words)
        if (stem == known)
            return severity;
    return broken(cat("\"", word.substr(0, 60), "\" is no severity"));
}

void grade(finding::Finding& finding, finding::Severity vendor, std::string word) {
    finding.vendor_severity = vendor;
    finding.vendor_severity_word = std::move(word);
    bool const is_graded = vendor != finding::Severity::unknown || finding.cvss.empty();
    finding.severity = is_graded ? vendor : finding::severity_of_score(finding.cvss.front().score);
    finding.severity_source = is_graded ? "vendor" : "cvss";
}

void add_link(finding::Finding& finding, std::string link) {
    bool const is_web = link.starts_with("https://") || link.starts_with("http://");
    if (is_web && link.size() <= link_bytes_max && finding.links.size() < finding::links_max)
        finding.links.push_back(std::move(link));
}

Result<void> check_room(finding::ScanReport const& scan) {
    if (scan.findings.size() >= findings_max)
        return Error(ErrorKind::limit,
                     cat("stored report: it holds more than ", findings_max, " findings"));
    return ok();
}

report::Report report_of(image::Reference reference, finding::ScanReport scan) {
    finding::normalise(scan.findings);
    scan.scanner.has_updater_facts = false;
    return {.reference = std::move(reference),
            .media_type = {},
            .context = {},
            .scan = std::move(scan),
            .verdict = std::nullopt,
            .undecided_reason = {},
            .policy = policy::built_in(),
            .clairgate_version = std::string(version()),
            .run = {}};
}

} // namespace foreign

} // namespace clairgate::gate
