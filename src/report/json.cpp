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
        json.member("stale", judged->is_stale);
        json.member("state", policy::to_string(judged->state));
    }
    json.end_object();
}

void write_coverage(JsonWriter& json, Record const& record) {
    auto const& judged = record.account().coverage;
    json.begin_object();
    json.key("platforms");
    json.begin_array();
    for (std::size_t i = 0; i < record.scan().platforms.size(); ++i)
        write_platform_coverage(
            json, record.scan().platforms[i], record.is_decided() ? &judged.at(i) : nullptr);
    json.end_array();
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

void render_json(Record const& record, RenderOptions const&, Out& out) {
    auto const& account = record.account();
    JsonWriter json(out);
    json.begin_object();
    json.key("budget");
    write_budget(json, account);
    json.key("clairgate");
    json.begin_object();
    json.member("version", record.clairgate_version());
    json.end_object();
    json.key("comparison");
    write_comparison(json, record.comparison());
    json.key("context");
    write_context(json, record.context());
    json.key("coverage");
    write_coverage(json, record);
    json.key("exceptions");
    write_exceptions(json, account);
    json.key("findings");
    write_findings(json, record);
    json.key("image");
    write_image(json, record);
    json.key("policy");
    write_policy(json, account.policy);
    json.key("rules");
    write_rules(json, account);
    json.key("run");
    write_run(json, record.run());
    json.key("scanner");
    write_scanner(json, record.scan().scanner);
    json.member("schema", schema);
    json.key("summary");
    write_summary(json, account.summary);
    json.member("undecided_reason", record.undecided_reason());
    json.member("verdict", record.verdict_word());
    json.end_object();
    std::move(json).finish();
}

std::string json_of(Report const& report) {
    std::string out;
    Out to_string([&out](std::string_view piece) { out += piece; });
    render_json(Record(report), {}, to_string);
    to_string.finish();
    return out;
}

} // namespace clairgate::report
