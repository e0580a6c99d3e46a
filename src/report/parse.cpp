#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace clairgate::report {

namespace {

using nlohmann::json;

constexpr double cvss_score_max = 10;

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

Result<std::optional<bool>> optional_boolean(json const& object, std::string_view key) {
    if (TRY(member(object, key))->is_null())
        return std::optional<bool>();
    return std::optional<bool>(TRY(boolean(object, key)));
}

Result<std::optional<double>> probability(json const& object, std::string_view key) {
    auto const* const found = TRY(member(object, key));
    if (found->is_null())
        return std::optional<double>();
    if (!found->is_number() || !(found->get<double>() >= 0 && found->get<double>() <= 1))
        return broken(cat("\"", key, "\" is not between 0 and 1"));
    return std::optional<double>(found->get<double>());
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

// Members are read one by one: g++ 12 leaks what a braced initialiser has built when a TRY inside
// it returns.
Result<finding::Package> package_of(json const& object) {
    using clairgate::json::string;
    auto const* const source = TRY(member(object, "source"));
    finding::Package package;
    package.name = TRY(string(object, "name"));
    package.version = TRY(string(object, "version"));
    package.kind = TRY(string(object, "kind"));
    package.architecture = TRY(string(object, "architecture"));
    package.module = TRY(string(object, "module"));
    package.source_name = TRY(string(*source, "name"));
    package.source_version = TRY(string(*source, "version"));
    package.purl = TRY(string(object, "purl"));
    package.ecosystem = TRY(string(object, "ecosystem"));
    package.repository = TRY(string(object, "repository"));
    return package;
}

Result<std::vector<finding::Cvss>> cvss_of(json const& object) {
    std::vector<finding::Cvss> out;
    for (auto const& item : *TRY(array(object, "cvss"))) {
        auto const* const score = TRY(member(item, "score"));
        if (!score->is_number())
            return broken("a CVSS score is not a number");
        if (!(score->get<double>() >= 0 && score->get<double>() <= cvss_score_max))
            return broken("a CVSS score is not between 0 and 10");
        auto& one = out.emplace_back();
        one.version = TRY(clairgate::json::string(item, "version"));
        one.vector = TRY(clairgate::json::string(item, "vector"));
        one.score = score->get<double>();
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
    auto const* const dates = TRY(member(object, "dates"));
    finding.published = TRY(time(*dates, "published"));
    finding.first_seen = TRY(time(*dates, "first_seen"));
    finding.fix_first_seen = TRY(time(*dates, "fix_first_seen"));
    finding.is_known_exploited = TRY(optional_boolean(object, "kev"));
    finding.epss = TRY(probability(object, "epss"));
    finding.is_new = TRY(boolean(object, "new"));
    finding.fixed_version = TRY(string(object, "fixed_version"));
    finding.description = TRY(string(object, "description"));
    finding.links = TRY(strings(object, "links"));
    auto const* const layer = TRY(member(object, "layer"));
    finding.is_base_layer = TRY(optional_boolean(*layer, "base"));
    if (TRY(clairgate::json::optional_string(*layer, "digest")))
        finding.layer = TRY(digest(*layer, "digest"));
    return finding;
}

Result<finding::EcosystemCoverage> ecosystem_of(json const& object) {
    finding::EcosystemCoverage ecosystem;
    ecosystem.ecosystem = TRY(clairgate::json::string(object, "ecosystem"));
    ecosystem.distribution = TRY(clairgate::json::string(object, "distribution"));
    ecosystem.packages = TRY(clairgate::json::unsigned_integer(object, "packages"));
    ecosystem.is_supported = TRY(boolean(object, "supported"));
    ecosystem.updaters = TRY(strings(object, "updaters"));
    ecosystem.newest_data = TRY(time(object, "newest_data"));
    return ecosystem;
}

Result<finding::PlatformScan> platform_of(json const& object) {
    auto name = TRY(clairgate::json::string(object, "platform"));
    auto manifest = TRY(digest(object, "manifest"));
    auto const packages = TRY(clairgate::json::unsigned_integer(object, "packages"));
    auto const layers = TRY(clairgate::json::unsigned_integer(object, "layers"));
    finding::PlatformScan platform{std::move(name), std::move(manifest), packages, layers, {}};
    for (auto const& item : *TRY(array(object, "ecosystems")))
        platform.ecosystems.push_back(TRY(ecosystem_of(item)));
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
        auto& operation = scanner.updaters.emplace_back();
        operation.updater = TRY(clairgate::json::string(item, "updater"));
        operation.date = *date;
        operation.fingerprint = TRY(clairgate::json::string(item, "fingerprint"));
        operation.ref = TRY(clairgate::json::string(item, "ref"));
    }
    scanner.data_date = TRY(time(object, "data_date"));
    return scanner;
}

Result<finding::ScanReport> scan_of(json const& root) {
    finding::ScanReport scan;
    std::set<std::string> platforms;
    for (auto const& item : *TRY(array(*TRY(member(root, "coverage")), "platforms"))) {
        scan.platforms.push_back(TRY(platform_of(item)));
        if (!platforms.insert(scan.platforms.back().platform).second)
            return broken("a platform is listed twice");
        if (scan.platforms.size() > limits::platforms)
            return Error(ErrorKind::limit, "stored report: too many platforms");
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

// What the image consists of and what was scanned are told apart in the report: they must agree, or
// a platform that was left out would look judged.
Result<void> check_platforms(json const& image, finding::ScanReport const& scan) {
    auto const& listed = *TRY(array(image, "platforms"));
    if (listed.size() != scan.platforms.size())
        return broken("the platforms of the image and those scanned are not the same");
    for (std::size_t i = 0; i < listed.size(); ++i) {
        auto const platform = TRY(clairgate::json::string(listed[i], "platform"));
        auto const manifest = TRY(digest(listed[i], "digest"));
        if (platform != scan.platforms[i].platform || manifest != scan.platforms[i].manifest)
            return broken("the platforms of the image and those scanned are not the same");
    }
    return ok();
}

Result<std::map<std::string, std::string>> context_of(json const& object) {
    std::map<std::string, std::string> context;
    if (!object.is_object())
        return broken("\"context\" is not an object");
    for (auto const& [key, value] : object.items()) {
        if (!value.is_string() && !value.is_null())
            return broken("\"context\" holds something other than strings");
        if (value.is_string())
            context.emplace(key, value.get_ref<std::string const&>());
    }
    return context;
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
    if (!steps->is_object())
        return broken("\"steps_ms\" is not an object");
    for (auto const& [step, ms] : steps->items()) {
        if (!ms.is_number_integer())
            return broken("a step's time is not a whole number");
        run.steps[step] = Duration(ms.get<std::int64_t>());
    }
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
    auto const image_digest = TRY(digest(*image_member, "digest"));
    if (reference->digest() != image_digest)
        return broken("its reference and digest contradict each other");
    auto verdict = TRY(clairgate::json::string(root, "verdict"));
    constexpr std::string_view words[] = {"pass", "warn", "block", "undecided"};
    if (std::find(std::begin(words), std::end(words), verdict) == std::end(words))
        return broken("its verdict is no verdict");
    auto scan = TRY(scan_of(root));
    TRY_VOID(check_platforms(*image_member, scan));
    Report report{.reference = *std::move(reference),
                  .media_type = {},
                  .context = {},
                  .scan = std::move(scan),
                  .verdict = std::nullopt,
                  .undecided_reason = {},
                  .policy = policy::built_in(),
                  .clairgate_version = {},
                  .run = {}};
    report.media_type = TRY(clairgate::json::string(*image_member, "media_type"));
    report.context = TRY(context_of(*TRY(member(root, "context"))));
    report.undecided_reason = TRY(clairgate::json::string(root, "undecided_reason"));
    auto const* const clairgate_member = TRY(member(root, "clairgate"));
    report.clairgate_version = TRY(clairgate::json::string(*clairgate_member, "version"));
    report.run = TRY(run_of(*TRY(member(root, "run"))));
    return StoredReport{std::move(report), std::move(verdict)};
}

} // namespace clairgate::report
