#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>
#include <clairgate/report/json_parts.hpp>

namespace clairgate::report {

namespace {

void write_ecosystems(JsonWriter& json, std::vector<finding::EcosystemCoverage> const& ecosystems) {
    json.begin_array();
    for (auto const& ecosystem : ecosystems) {
        json.begin_object();
        json.member("distribution", ecosystem.distribution);
        json.member("ecosystem", ecosystem.ecosystem);
        json.member("newest_data", time_text(ecosystem.newest_data));
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
        write_judgement(json, judged->decision);
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
    json.member("data_date", time_text(scanner.data_date));
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
    json.member("waived", std::uint64_t{summary.waived});
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
    for (auto const& decision : report.verdict->decisions()) {
        ++(decision.effect == policy::Effect::block  ? summary.block
           : decision.effect == policy::Effect::warn ? summary.warn
                                                     : summary.allow);
        summary.waived += decision.is_waived ? std::size_t{1} : std::size_t{0};
    }
    return summary;
}

std::string render_json(Report const& report, RenderOptions const&) {
    CLAIRGATE_ASSERT(report.reference.digest().has_value());
    JsonWriter json;
    json.begin_object();
    json.key("budget");
    write_budget(json, report);
    json.key("clairgate");
    json.begin_object();
    json.member("version", report.clairgate_version);
    json.end_object();
    json.key("context");
    write_context(json, report.context);
    json.key("coverage");
    write_coverage(json, report);
    json.key("exceptions");
    write_exceptions(json, report);
    json.key("findings");
    write_findings(json, report);
    json.key("image");
    write_image(json, report);
    json.key("policy");
    write_policy(json, *report.policy);
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
