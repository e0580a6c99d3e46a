#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>
#include <clairgate/report/json_writer.hpp>

namespace clairgate::report {

namespace {

std::optional<std::string> text_of(std::optional<SystemTime> time) {
    return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

void write_decision(JsonWriter& json, policy::Decision const& decision) {
    json.begin_object();
    json.member("column", decision.origin.column);
    json.member("file", decision.origin.file);
    json.member("level", policy::to_string(decision.origin.level));
    json.member("line", decision.origin.line);
    json.member("remedy", decision.remedy);
    json.member("rule", decision.origin.rule);
    json.member("sentence", decision.sentence);
    json.end_object();
}

void write_package(JsonWriter& json, finding::Package const& package) {
    json.begin_object();
    json.member("architecture", package.architecture);
    json.member("ecosystem", package.ecosystem);
    json.member("kind", package.kind);
    json.member("module", package.module);
    json.member("name", package.name);
    json.member("purl", package.purl);
    json.member("repository", package.repository);
    json.key("source");
    json.begin_object();
    json.member("name", package.source_name);
    json.member("version", package.source_version);
    json.end_object();
    json.member("version", package.version);
    json.end_object();
}

void write_cvss(JsonWriter& json, std::vector<finding::Cvss> const& scores) {
    json.begin_array();
    for (auto const& one : scores) {
        json.begin_object();
        json.member("score", one.score);
        json.member("vector", one.vector);
        json.member("version", one.version);
        json.end_object();
    }
    json.end_array();
}

void write_finding(JsonWriter& json,
                   finding::Finding const& finding,
                   policy::Decision const* decision) {
    json.begin_object();
    if (decision != nullptr)
        json.member("action", policy::to_string(decision->effect));
    json.member("aliases", finding.aliases);
    json.key("cvss");
    write_cvss(json, finding.cvss);
    json.key("dates");
    json.begin_object();
    json.member("published", text_of(finding.published));
    json.end_object();
    if (decision != nullptr) {
        json.key("decision");
        write_decision(json, *decision);
    }
    json.member("description", finding.description);
    json.member("distribution", finding.distribution);
    json.member("fixed_version", finding.fixed_version);
    json.member("id", finding.id);
    json.key("layer");
    json.begin_object();
    json.key("base"); // null until somebody can say whether the layer is the base image's
    json.null();
    json.member("digest", finding.layer ? std::optional(finding.layer->text()) : std::nullopt);
    json.end_object();
    json.member("links", finding.links);
    json.key("package");
    write_package(json, finding.package);
    json.member("platform", finding.platform);
    json.member("severity", finding::to_string(finding.severity));
    json.member("severity_source", finding.severity_source);
    json.member("updater", finding.updater);
    json.key("vendor_severity");
    json.begin_object();
    json.member("normalized", finding::to_string(finding.vendor_severity));
    json.member("word", finding.vendor_severity_word);
    json.end_object();
    json.member("waived", false);
    json.end_object();
}

void write_findings(JsonWriter& json, Report const& report) {
    json.begin_array();
    for (std::size_t i = 0; i < report.scan.findings.size(); ++i)
        write_finding(json,
                      report.scan.findings[i],
                      report.verdict ? &report.verdict->decisions().at(i) : nullptr);
    json.end_array();
}

void write_ecosystems(JsonWriter& json, std::vector<finding::EcosystemCoverage> const& ecosystems) {
    json.begin_array();
    for (auto const& ecosystem : ecosystems) {
        json.begin_object();
        json.member("distribution", ecosystem.distribution);
        json.member("ecosystem", ecosystem.ecosystem);
        json.member("newest_data", text_of(ecosystem.newest_data));
        json.member("packages", std::uint64_t{ecosystem.packages});
        json.member("supported", ecosystem.is_supported);
        json.member("updaters", ecosystem.updaters);
        json.end_object();
    }
    json.end_array();
}

void write_platform_coverage(JsonWriter& json,
                             finding::PlatformScan const& platform,
                             policy::CoverageDecision const* judged) {
    json.begin_object();
    if (judged != nullptr) {
        json.member("action", policy::to_string(judged->decision.effect));
        json.key("decision");
        write_decision(json, judged->decision);
    }
    json.key("ecosystems");
    write_ecosystems(json, platform.ecosystems);
    json.member("layers", std::uint64_t{platform.layers});
    json.member("manifest", platform.manifest.text());
    json.member("packages", std::uint64_t{platform.packages});
    json.member("platform", platform.platform);
    if (judged != nullptr) {
        json.member("reasons", judged->reasons);
        json.member("state", policy::to_string(judged->state));
    }
    json.end_object();
}

void write_coverage(JsonWriter& json, Report const& report) {
    json.begin_object();
    json.key("platforms");
    json.begin_array();
    for (std::size_t i = 0; i < report.scan.platforms.size(); ++i)
        write_platform_coverage(json,
                                report.scan.platforms[i],
                                report.verdict ? &report.verdict->coverage().at(i) : nullptr);
    json.end_array();
    json.end_object();
}

void write_image(JsonWriter& json, Report const& report) {
    auto const& digest = report.reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    json.begin_object();
    json.member("digest", digest->text());
    json.member("media_type", report.media_type);
    json.key("platforms");
    json.begin_array();
    for (auto const& platform : report.scan.platforms) {
        json.begin_object();
        json.member("digest", platform.manifest.text());
        json.member("platform", platform.platform);
        json.end_object();
    }
    json.end_array();
    json.member("reference", report.reference.text());
    json.end_object();
}

void write_scanner(JsonWriter& json, finding::Scanner const& scanner) {
    json.begin_object();
    json.member("data_date", text_of(scanner.data_date));
    json.member("has_updater_facts", scanner.has_updater_facts);
    json.member("index_state", scanner.index_state);
    json.member("name", scanner.name);
    json.key("updaters");
    json.begin_array();
    for (auto const& updater : scanner.updaters) {
        json.begin_object();
        json.member("date", to_rfc3339(updater.date));
        json.member("fingerprint", updater.fingerprint);
        json.member("ref", updater.ref);
        json.member("updater", updater.updater);
        json.end_object();
    }
    json.end_array();
    json.member("version", scanner.version);
    json.end_object();
}

void write_policy(JsonWriter& json, policy::Policy const& policy) {
    json.begin_object();
    json.key("files");
    json.begin_array();
    for (auto const& file : policy.files) {
        json.begin_object();
        json.member("digest", file.digest);
        json.member("path", file.path);
        json.end_object();
    }
    json.end_array();
    json.member("source", policy.source);
    json.member("trusted", policy.is_trusted);
    json.end_object();
}

void write_context(JsonWriter& json, std::map<std::string, std::string> const& given) {
    std::map<std::string_view, std::optional<std::string>> context{
        {"application", {}}, {"cluster", {}}, {"environment", {}}};
    for (auto const& [key, value] : given)
        context[key] = value;
    json.begin_object();
    for (auto const& [key, value] : context)
        json.member(key, value);
    json.end_object();
}

void write_run(JsonWriter& json, RunFacts const& run) {
    json.begin_object();
    json.member("finished", to_rfc3339(run.finished));
    json.member("started", to_rfc3339(run.started));
    json.key("steps_ms");
    json.begin_object();
    for (auto const& [step, duration] : run.steps)
        json.member(step, std::int64_t{duration.count()});
    json.end_object();
    json.end_object();
}

void write_summary(JsonWriter& json, Summary const& summary) {
    json.begin_object();
    json.member("allow", std::uint64_t{summary.allow});
    json.member("block", std::uint64_t{summary.block});
    json.member("waived", std::uint64_t{0});
    json.member("warn", std::uint64_t{summary.warn});
    json.end_object();
}

} // namespace

std::string_view verdict_word(Report const& report) {
    if (!report.verdict)
        return "undecided";
    switch (report.verdict->effect()) {
    case policy::Effect::allow:
        return "pass";
    case policy::Effect::warn:
        return "warn";
    case policy::Effect::block:
        return "block";
    }
    return "block";
}

Summary summary_of(Report const& report) {
    Summary summary;
    if (!report.verdict)
        return summary;
    for (auto const& decision : report.verdict->decisions())
        ++(decision.effect == policy::Effect::block  ? summary.block
           : decision.effect == policy::Effect::warn ? summary.warn
                                                     : summary.allow);
    return summary;
}

std::string render_json(Report const& report, RenderOptions const&) {
    CLAIRGATE_ASSERT(report.reference.digest().has_value());
    JsonWriter json;
    json.begin_object();
    json.key("clairgate");
    json.begin_object();
    json.member("version", report.clairgate_version);
    json.end_object();
    json.key("context");
    write_context(json, report.context);
    json.key("coverage");
    write_coverage(json, report);
    json.key("findings");
    write_findings(json, report);
    json.key("image");
    write_image(json, report);
    json.key("policy");
    write_policy(json, report.policy);
    json.key("run");
    write_run(json, report.run);
    json.key("scanner");
    write_scanner(json, report.scan.scanner);
    json.member("schema", schema);
    json.key("summary");
    write_summary(json, summary_of(report));
    json.member("undecided_reason", report.undecided_reason);
    json.member("verdict", verdict_word(report));
    json.end_object();
    return std::move(json).finish();
}

} // namespace clairgate::report
