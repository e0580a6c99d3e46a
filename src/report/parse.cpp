#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>
#include <clairgate/report/parse_account.hpp>
#include <clairgate/report/stored_json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace clairgate::report {

namespace {

using stored::broken;
using stored::Json;
using stored::severity;

constexpr unsigned cvss_score_max = 10;

Result<image::Digest> digest(Json object, std::string_view key) {
    auto const text = TRY(stored::string(object, key));
    auto parsed = image::Digest::parse(text);
    if (!parsed.has_value())
        return broken(parsed.error().message());
    return parsed;
}

// Members are read one by one: g++ 12 leaks what a braced initialiser has built when a TRY inside
// it returns.
Result<finding::Package> package_of(Json object) {
    using stored::string;
    auto const source = TRY(stored::member(object, "source"));
    finding::Package package;
    package.name = TRY(string(object, "name"));
    package.version = TRY(string(object, "version"));
    package.kind = TRY(string(object, "kind"));
    package.architecture = TRY(string(object, "architecture"));
    package.module = TRY(string(object, "module"));
    package.source_name = TRY(string(source, "name"));
    package.source_version = TRY(string(source, "version"));
    package.purl = TRY(string(object, "purl"));
    package.ecosystem = TRY(string(object, "ecosystem"));
    package.repository = TRY(string(object, "repository"));
    return package;
}

Result<std::vector<finding::Cvss>> cvss_of(Json object) {
    std::vector<finding::Cvss> out;
    for (auto const item : TRY(stored::array(object, "cvss"))) {
        auto const score = TRY(stored::number(item, "score", cvss_score_max));
        auto& one = out.emplace_back();
        one.version = TRY(stored::string(item, "version"));
        one.vector = TRY(stored::string(item, "vector"));
        one.score = score;
    }
    return out;
}

Result<finding::Finding> finding_of(Json object) {
    using stored::string;
    finding::Finding finding;
    finding.id = TRY(string(object, "id"));
    finding.aliases = TRY(stored::strings(object, "aliases"));
    finding.updater = TRY(string(object, "updater"));
    finding.platform = TRY(string(object, "platform"));
    finding.package = TRY(package_of(TRY(stored::member(object, "package"))));
    finding.distribution = TRY(string(object, "distribution"));
    finding.severity = TRY(severity(object, "severity"));
    finding.severity_source = TRY(string(object, "severity_source"));
    auto const vendor = TRY(stored::member(object, "vendor_severity"));
    finding.vendor_severity = TRY(severity(vendor, "normalized"));
    finding.vendor_severity_word = TRY(string(vendor, "word"));
    finding.cvss = TRY(cvss_of(object));
    auto const dates = TRY(stored::member(object, "dates"));
    finding.published = TRY(stored::time(dates, "published"));
    finding.first_seen = TRY(stored::time(dates, "first_seen"));
    finding.fix_first_seen = TRY(stored::time(dates, "fix_first_seen"));
    finding.is_known_exploited = TRY(stored::optional_boolean(object, "kev"));
    finding.epss = TRY(stored::optional_number(object, "epss", 1));
    finding.is_new = TRY(stored::boolean(object, "new"));
    finding.fixed_version = TRY(string(object, "fixed_version"));
    finding.description = TRY(string(object, "description"));
    finding.links = TRY(stored::strings(object, "links"));
    auto const layer = TRY(stored::member(object, "layer"));
    finding.is_base_layer = TRY(stored::optional_boolean(layer, "base"));
    if (TRY(stored::optional_string(layer, "digest")))
        finding.layer = TRY(digest(layer, "digest"));
    return finding;
}

Result<finding::EcosystemCoverage> ecosystem_of(Json object) {
    finding::EcosystemCoverage ecosystem;
    ecosystem.ecosystem = TRY(stored::string(object, "ecosystem"));
    ecosystem.distribution = TRY(stored::string(object, "distribution"));
    ecosystem.packages = TRY(stored::unsigned_integer(object, "packages"));
    ecosystem.is_supported = TRY(stored::boolean(object, "supported"));
    ecosystem.updaters = TRY(stored::strings(object, "updaters"));
    ecosystem.newest_data = TRY(stored::time(object, "newest_data"));
    return ecosystem;
}

Result<finding::PlatformScan> platform_of(Json object) {
    auto name = TRY(stored::string(object, "platform"));
    auto manifest = TRY(digest(object, "manifest"));
    auto const packages = TRY(stored::unsigned_integer(object, "packages"));
    auto const layers = TRY(stored::unsigned_integer(object, "layers"));
    finding::PlatformScan platform{std::move(name), std::move(manifest), packages, layers, {}};
    for (auto const item : TRY(stored::array(object, "ecosystems")))
        platform.ecosystems.push_back(TRY(ecosystem_of(item)));
    return platform;
}

Result<finding::Scanner> scanner_of(Json object) {
    finding::Scanner scanner;
    scanner.name = TRY(stored::string(object, "name"));
    scanner.version = TRY(stored::string(object, "version"));
    scanner.index_state = TRY(stored::string(object, "index_state"));
    scanner.has_updater_facts = TRY(stored::boolean(object, "has_updater_facts"));
    for (auto const item : TRY(stored::array(object, "updaters"))) {
        auto const date = TRY(stored::time(item, "date"));
        if (!date)
            return broken("an updater has no date");
        auto& operation = scanner.updaters.emplace_back();
        operation.updater = TRY(stored::string(item, "updater"));
        operation.date = *date;
        operation.fingerprint = TRY(stored::string(item, "fingerprint"));
        operation.ref = TRY(stored::string(item, "ref"));
    }
    scanner.data_date = TRY(stored::time(object, "data_date"));
    return scanner;
}

Result<finding::ScanReport> scan_of(Json root) {
    finding::ScanReport scan;
    std::set<std::string> platforms;
    for (auto const item : TRY(stored::array(TRY(stored::member(root, "coverage")), "platforms"))) {
        scan.platforms.push_back(TRY(platform_of(item)));
        if (!platforms.insert(scan.platforms.back().platform).second)
            return broken("a platform is listed twice");
        if (scan.platforms.size() > limits::platforms)
            return Error(ErrorKind::limit, "stored report: too many platforms");
    }
    if (scan.platforms.empty())
        return broken("it holds no platform");
    for (auto const item : TRY(stored::array(root, "findings"))) {
        scan.findings.push_back(TRY(finding_of(item)));
        if (!platforms.contains(scan.findings.back().platform))
            return broken(
                cat("a finding of a platform that is not listed: ", scan.findings.back().platform));
    }
    scan.scanner = TRY(scanner_of(TRY(stored::member(root, "scanner"))));
    return scan;
}

// What the image consists of and what was scanned are told apart in the report: they must agree, or
// a platform that was left out would look judged.
Result<void> check_platforms(Json image, finding::ScanReport const& scan) {
    auto const listed = TRY(stored::array(image, "platforms"));
    std::size_t i = 0;
    for (auto const item : listed) {
        if (i == scan.platforms.size())
            return broken("the platforms of the image and those scanned are not the same");
        auto const platform = TRY(stored::string(item, "platform"));
        auto const manifest = TRY(digest(item, "digest"));
        if (platform != scan.platforms[i].platform || manifest != scan.platforms[i].manifest)
            return broken("the platforms of the image and those scanned are not the same");
        ++i;
    }
    if (i != scan.platforms.size())
        return broken("the platforms of the image and those scanned are not the same");
    return ok();
}

// Members that came later: a report without them is one of an earlier version.
Result<ImageFacts> image_facts_of(Json image) {
    ImageFacts facts;
    for (auto const item : TRY(stored::array(image, "platforms"))) {
        if (!stored::has(item, "layers"))
            continue;
        auto const platform = TRY(stored::string(item, "platform"));
        auto& layers = facts.layers[platform];
        for (auto const layer : TRY(stored::array(item, "layers"))) {
            auto of_layer = TRY(digest(layer, "digest"));
            auto instruction = TRY(stored::string(layer, "instruction"));
            layers.push_back({std::move(of_layer), std::move(instruction)});
            if (layers.size() > limits::layers)
                return Error(ErrorKind::limit, "stored report: too many layers");
        }
    }
    if (!stored::has(image, "base"))
        return facts;
    auto const member = TRY(stored::member(image, "base"));
    auto& base = facts.base.emplace();
    base.reference = TRY(stored::string(member, "reference"));
    base.is_below = TRY(stored::boolean(member, "below"));
    if (stored::has(member, "newest"))
        base.newest = TRY(digest(member, "newest"));
    return facts;
}

Result<std::optional<Comparison>> comparison_of(Json root) {
    if (!stored::has(root, "comparison"))
        return std::optional<Comparison>();
    auto const member = TRY(stored::member(root, "comparison"));
    Comparison comparison;
    comparison.baseline = TRY(stored::string(member, "baseline"));
    for (auto const item : TRY(stored::array(member, "fixed"))) {
        auto& gone = comparison.fixed.emplace_back();
        gone.id = TRY(stored::string(item, "id"));
        gone.platform = TRY(stored::string(item, "platform"));
        gone.package = TRY(stored::string(item, "package"));
        gone.installed = TRY(stored::string(item, "installed"));
        gone.severity = TRY(severity(item, "severity"));
    }
    return std::optional(std::move(comparison));
}

Result<std::map<std::string, std::string>> context_of(Json root) {
    std::map<std::string, std::string> context;
    for (auto const word : TRY(stored::object(root, "context"))) {
        if (word.value.is_null())
            continue;
        std::string_view value;
        if (word.value.get_string().get(value) != simdjson::SUCCESS)
            return broken("\"context\" holds something other than strings");
        context.emplace(word.key, value);
    }
    return context;
}

Result<RunFacts> run_of(Json object) {
    RunFacts run;
    auto const started = TRY(stored::time(object, "started"));
    auto const finished = TRY(stored::time(object, "finished"));
    if (!started || !finished)
        return broken("run has no times");
    run.started = *started;
    run.finished = *finished;
    for (auto const step : TRY(stored::object(object, "steps_ms"))) {
        std::int64_t ms = 0;
        if (step.value.get_int64().get(ms) != simdjson::SUCCESS)
            return broken("a step's time is not a whole number");
        run.steps[std::string(step.key)] = Duration(ms);
    }
    return run;
}

Result<StoredReport> report_of(Json root) {
    auto const stored_schema = TRY(stored::optional_string(root, "schema"));
    if (stored_schema != schema)
        return broken(cat("its schema is not ", schema));
    auto const image_member = TRY(stored::member(root, "image"));
    auto const reference_text = TRY(stored::string(image_member, "reference"));
    auto reference = image::Reference::parse(reference_text);
    if (!reference.has_value() || !reference->digest())
        return broken("its image reference has no digest");
    auto const image_digest = TRY(digest(image_member, "digest"));
    if (reference->digest() != image_digest)
        return broken("its reference and digest contradict each other");
    auto verdict = TRY(stored::string(root, "verdict"));
    constexpr std::string_view words[] = {"pass", "warn", "block", "undecided"};
    if (std::find(std::begin(words), std::end(words), verdict) == std::end(words))
        return broken("its verdict is no verdict");
    auto scan = TRY(scan_of(root));
    TRY_VOID(check_platforms(image_member, scan));
    Report report{.reference = *std::move(reference),
                  .media_type = {},
                  .context = {},
                  .scan = std::move(scan),
                  .verdict = std::nullopt,
                  .undecided_reason = {},
                  .policy = policy::built_in(),
                  .clairgate_version = {},
                  .run = {}};
    report.media_type = TRY(stored::string(image_member, "media_type"));
    report.context = TRY(context_of(root));
    report.undecided_reason = TRY(stored::string(root, "undecided_reason"));
    auto const clairgate_member = TRY(stored::member(root, "clairgate"));
    report.clairgate_version = TRY(stored::string(clairgate_member, "version"));
    report.run = TRY(run_of(TRY(stored::member(root, "run"))));
    report.image = TRY(image_facts_of(image_member));
    report.comparison = TRY(comparison_of(root));
    auto const policy_member = TRY(stored::member(root, "policy"));
    auto const is_trusted = TRY(stored::boolean(policy_member, "trusted"));
    auto const enforce = TRY(stored::string(policy_member, "enforce"));
    return StoredReport{std::move(report), std::move(verdict), is_trusted, enforce != "report"};
}

} // namespace

Result<StoredReport> parse_report(std::string_view text) {
    stored::Document document;
    return report_of(TRY(document.parse(text)));
}

Result<StoredRecord> parse_record(std::string_view text) {
    stored::Document document;
    auto const root = TRY(document.parse(text));
    auto report = TRY(report_of(root));
    auto account = TRY(stored::account(root, report));
    return StoredRecord{std::move(report), std::move(account)};
}

} // namespace clairgate::report
