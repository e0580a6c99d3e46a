#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace clairgate::report {

namespace {

using nlohmann::json;

Error broken(std::string message) {
    return {ErrorKind::protocol, cat("stored report: ", message)};
}

Result<json const*> member(json const& object, std::string_view key) {
    auto const* const found = clairgate::json::find(object, key);
    if (found == nullptr)
        return broken(cat("\"", key, "\" is missing"));
    return found;
}

Result<json const*> array(json const& object, std::string_view key) {
    auto const* const found = TRY(member(object, key));
    if (!found->is_array())
        return broken(cat("\"", key, "\" is not an array"));
    return found;
}

Result<std::vector<std::string>> strings(json const& object, std::string_view key) {
    std::vector<std::string> out;
    for (auto const& item : *TRY(array(object, key))) {
        if (!item.is_string())
            return broken(cat("\"", key, "\" holds something other than strings"));
        out.push_back(item.get_ref<std::string const&>());
    }
    return out;
}

Result<bool> boolean(json const& object, std::string_view key) {
    auto const* const found = TRY(member(object, key));
    if (!found->is_boolean())
        return broken(cat("\"", key, "\" is not true or false"));
    return found->get<bool>();
}

Result<std::optional<SystemTime>> time(json const& object, std::string_view key) {
    auto const text = TRY(clairgate::json::optional_string(object, key));
    if (!text)
        return std::optional<SystemTime>();
    return std::optional<SystemTime>(TRY(parse_rfc3339(*text)));
}

Result<image::Digest> digest(json const& object, std::string_view key) {
    auto const text = TRY(clairgate::json::string(object, key));
    auto parsed = image::Digest::parse(text);
    if (!parsed.has_value())
        return broken(parsed.error().message());
    return parsed;
}

Result<finding::Severity> severity(json const& object, std::string_view key) {
    auto const word = TRY(clairgate::json::string(object, key));
    auto const parsed = finding::parse_severity(word);
    if (!parsed)
        return broken(cat("\"", key, "\" is no severity"));
    return *parsed;
}

Result<finding::Package> package_of(json const& object) {
    using clairgate::json::string;
    auto const* const source = TRY(member(object, "source"));
    return finding::Package{TRY(string(object, "name")),
                            TRY(string(object, "version")),
                            TRY(string(object, "kind")),
                            TRY(string(object, "architecture")),
                            TRY(string(object, "module")),
                            TRY(string(*source, "name")),
                            TRY(string(*source, "version")),
                            TRY(string(object, "purl")),
                            TRY(string(object, "ecosystem")),
                            TRY(string(object, "repository"))};
}

Result<std::vector<finding::Cvss>> cvss_of(json const& object) {
    std::vector<finding::Cvss> out;
    for (auto const& item : *TRY(array(object, "cvss"))) {
        auto const* const score = TRY(member(item, "score"));
        if (!score->is_number())
            return broken("a CVSS score is not a number");
        out.push_back({TRY(clairgate::json::string(item, "version")),
                       TRY(clairgate::json::string(item, "vector")),
                       score->get<double>()});
    }
    return out;
}

Result<finding::Finding> finding_of(json const& object) {
    using clairgate::json::string;
    finding::Finding finding;
    finding.id = TRY(string(object, "id"));
    finding.aliases = TRY(strings(object, "aliases"));
    finding.updater = TRY(string(object, "updater"));
    finding.platform = TRY(string(object, "platform"));
    finding.package = TRY(package_of(*TRY(member(object, "package"))));
    finding.distribution = TRY(string(object, "distribution"));
    finding.severity = TRY(severity(object, "severity"));
    finding.severity_source = TRY(string(object, "severity_source"));
    auto const* const vendor = TRY(member(object, "vendor_severity"));
    finding.vendor_severity = TRY(severity(*vendor, "normalized"));
    finding.vendor_severity_word = TRY(string(*vendor, "word"));
    finding.cvss = TRY(cvss_of(object));
    finding.published = TRY(time(*TRY(member(object, "dates")), "published"));
    finding.fixed_version = TRY(string(object, "fixed_version"));
    finding.description = TRY(string(object, "description"));
    finding.links = TRY(strings(object, "links"));
    auto const* const layer = TRY(member(object, "layer"));
    if (TRY(clairgate::json::optional_string(*layer, "digest")))
        finding.layer = TRY(digest(*layer, "digest"));
    return finding;
}

Result<finding::PlatformScan> platform_of(json const& object) {
    finding::PlatformScan platform{TRY(clairgate::json::string(object, "platform")),
                                   TRY(digest(object, "manifest")),
                                   TRY(clairgate::json::unsigned_integer(object, "packages")),
                                   TRY(clairgate::json::unsigned_integer(object, "layers")),
                                   {}};
    for (auto const& item : *TRY(array(object, "ecosystems")))
        platform.ecosystems.push_back({TRY(clairgate::json::string(item, "ecosystem")),
                                       TRY(clairgate::json::string(item, "distribution")),
                                       TRY(clairgate::json::unsigned_integer(item, "packages")),
                                       TRY(boolean(item, "supported")),
                                       TRY(strings(item, "updaters")),
                                       TRY(time(item, "newest_data"))});
    return platform;
}

Result<finding::Scanner> scanner_of(json const& object) {
    finding::Scanner scanner;
    scanner.name = TRY(clairgate::json::string(object, "name"));
    scanner.version = TRY(clairgate::json::string(object, "version"));
    scanner.index_state = TRY(clairgate::json::string(object, "index_state"));
    scanner.has_updater_facts = TRY(boolean(object, "has_updater_facts"));
    for (auto const& item : *TRY(array(object, "updaters"))) {
        auto const date = TRY(time(item, "date"));
        if (!date)
            return broken("an updater has no date");
        scanner.updaters.push_back({TRY(clairgate::json::string(item, "updater")),
                                    *date,
                                    TRY(clairgate::json::string(item, "fingerprint")),
                                    TRY(clairgate::json::string(item, "ref"))});
    }
    scanner.data_date = TRY(time(object, "data_date"));
    return scanner;
}

Result<finding::ScanReport> scan_of(json const& root) {
    finding::ScanReport scan;
    std::set<std::string> platforms;
    for (auto const& item : *TRY(array(*TRY(member(root, "coverage")), "platforms"))) {
        scan.platforms.push_back(TRY(platform_of(item)));
        platforms.insert(scan.platforms.back().platform);
    }
    if (scan.platforms.empty())
        return broken("it holds no platform");
    for (auto const& item : *TRY(array(root, "findings"))) {
        scan.findings.push_back(TRY(finding_of(item)));
        if (!platforms.contains(scan.findings.back().platform))
            return broken(
                cat("a finding of a platform that is not listed: ", scan.findings.back().platform));
    }
    scan.scanner = TRY(scanner_of(*TRY(member(root, "scanner"))));
    return scan;
}

Result<RunFacts> run_of(json const& object) {
    RunFacts run;
    auto const started = TRY(time(object, "started"));
    auto const finished = TRY(time(object, "finished"));
    if (!started || !finished)
        return broken("run has no times");
    run.started = *started;
    run.finished = *finished;
    auto const* const steps = TRY(member(object, "steps_ms"));
    for (auto const& [step, ms] : steps->items())
        if (ms.is_number_integer())
            run.steps[step] = Duration(ms.get<std::int64_t>());
    return run;
}

} // namespace

Result<StoredReport> parse_report(std::string_view text) {
    auto const root = TRY(clairgate::json::parse(text).with_context("stored report"));
    auto const stored_schema = TRY(clairgate::json::optional_string(root, "schema"));
    if (stored_schema != schema)
        return broken(cat("its schema is not ", schema));
    auto const* const image_member = TRY(member(root, "image"));
    auto const reference_text = TRY(clairgate::json::string(*image_member, "reference"));
    auto reference = image::Reference::parse(reference_text);
    if (!reference.has_value() || !reference->digest())
        return broken("its image reference has no digest");
    if (TRY(digest(*image_member, "digest")) != *reference->digest())
        return broken("its reference and digest contradict each other");
    auto verdict = TRY(clairgate::json::string(root, "verdict"));
    constexpr std::string_view words[] = {"pass", "warn", "block", "undecided"};
    if (std::find(std::begin(words), std::end(words), verdict) == std::end(words))
        return broken("its verdict is no verdict");
    Report report{*std::move(reference),
                  TRY(clairgate::json::string(*image_member, "media_type")),
                  {},
                  TRY(scan_of(root)),
                  std::nullopt,
                  TRY(clairgate::json::string(root, "undecided_reason")),
                  policy::built_in(),
                  TRY(clairgate::json::string(*TRY(member(root, "clairgate")), "version")),
                  TRY(run_of(*TRY(member(root, "run"))))};
    for (auto const& [key, value] : TRY(member(root, "context"))->items())
        if (value.is_string())
            report.context.emplace(key, value.get_ref<std::string const&>());
    return StoredReport{std::move(report), std::move(verdict)};
}

} // namespace clairgate::report
