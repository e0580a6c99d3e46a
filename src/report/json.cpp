#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace clairgate::report {

namespace {

using nlohmann::json;

json time_json(std::optional<SystemTime> time) {
    return time ? json(to_rfc3339(*time)) : json();
}

json decision_json(policy::Decision const& decision) {
    return {{"level", policy::to_string(decision.origin.level)},
            {"file", decision.origin.file},
            {"line", decision.origin.line},
            {"column", decision.origin.column},
            {"rule", decision.origin.rule},
            {"sentence", decision.sentence},
            {"remedy", decision.remedy}};
}

json package_json(finding::Package const& package) {
    return {{"name", package.name},
            {"version", package.version},
            {"kind", package.kind},
            {"architecture", package.architecture},
            {"module", package.module},
            {"source", {{"name", package.source_name}, {"version", package.source_version}}},
            {"purl", package.purl},
            {"ecosystem", package.ecosystem},
            {"repository", package.repository}};
}

json finding_json(finding::Finding const& finding, policy::Decision const* decision) {
    auto cvss = json::array();
    for (auto const& one : finding.cvss)
        cvss.push_back({{"version", one.version}, {"vector", one.vector}, {"score", one.score}});
    json out{{"id", finding.id},
             {"aliases", finding.aliases},
             {"updater", finding.updater},
             {"platform", finding.platform},
             {"package", package_json(finding.package)},
             {"distribution", finding.distribution},
             {"severity", finding::to_string(finding.severity)},
             {"severity_source", finding.severity_source},
             {"vendor_severity",
              {{"normalized", finding::to_string(finding.vendor_severity)},
               {"word", finding.vendor_severity_word}}},
             {"cvss", std::move(cvss)},
             {"dates", {{"published", time_json(finding.published)}}},
             {"fixed_version", finding.fixed_version},
             {"description", finding.description},
             {"links", finding.links},
             {"waived", false}};
    // `base` is null until somebody can say whether the layer is the base image's.
    out["layer"] = {{"digest", finding.layer ? json(finding.layer->text()) : json()},
                    {"base", nullptr}};
    if (decision != nullptr) {
        out["action"] = policy::to_string(decision->effect);
        out["decision"] = decision_json(*decision);
    }
    return out;
}

json coverage_json(Report const& report) {
    auto out = json::array();
    for (std::size_t i = 0; i < report.scan.platforms.size(); ++i) {
        auto const& platform = report.scan.platforms[i];
        auto ecosystems = json::array();
        for (auto const& ecosystem : platform.ecosystems)
            ecosystems.push_back({{"ecosystem", ecosystem.ecosystem},
                                  {"distribution", ecosystem.distribution},
                                  {"packages", ecosystem.packages},
                                  {"supported", ecosystem.is_supported},
                                  {"updaters", ecosystem.updaters},
                                  {"newest_data", time_json(ecosystem.newest_data)}});
        json entry{{"platform", platform.platform},
                   {"manifest", platform.manifest.text()},
                   {"packages", platform.packages},
                   {"layers", platform.layers},
                   {"ecosystems", std::move(ecosystems)}};
        if (report.verdict) {
            auto const& judged = report.verdict->coverage().at(i);
            entry["state"] = policy::to_string(judged.state);
            entry["reasons"] = judged.reasons;
            entry["action"] = policy::to_string(judged.decision.effect);
            entry["decision"] = decision_json(judged.decision);
        }
        out.push_back(std::move(entry));
    }
    return {{"platforms", std::move(out)}};
}

json scanner_json(finding::Scanner const& scanner) {
    auto updaters = json::array();
    for (auto const& updater : scanner.updaters)
        updaters.push_back({{"updater", updater.updater},
                            {"date", to_rfc3339(updater.date)},
                            {"fingerprint", updater.fingerprint},
                            {"ref", updater.ref}});
    return {{"name", scanner.name},
            {"version", scanner.version},
            {"index_state", scanner.index_state},
            {"has_updater_facts", scanner.has_updater_facts},
            {"updaters", std::move(updaters)},
            {"data_date", time_json(scanner.data_date)}};
}

json policy_json(policy::Policy const& policy) {
    auto files = json::array();
    for (auto const& file : policy.files)
        files.push_back({{"path", file.path}, {"digest", file.digest}});
    return {{"trusted", policy.is_trusted}, {"source", policy.source}, {"files", std::move(files)}};
}

json run_json(Report const& report) {
    auto steps = json::object();
    for (auto const& [step, duration] : report.run.steps)
        steps[step] = duration.count();
    return {{"started", to_rfc3339(report.run.started)},
            {"finished", to_rfc3339(report.run.finished)},
            {"steps_ms", std::move(steps)}};
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
    auto findings = json::array();
    for (std::size_t i = 0; i < report.scan.findings.size(); ++i)
        findings.push_back(
            finding_json(report.scan.findings[i],
                         report.verdict ? &report.verdict->decisions().at(i) : nullptr));
    auto platforms = json::array();
    for (auto const& platform : report.scan.platforms)
        platforms.push_back(
            {{"platform", platform.platform}, {"digest", platform.manifest.text()}});
    auto const summary = summary_of(report);
    json context{{"cluster", nullptr}, {"environment", nullptr}, {"application", nullptr}};
    for (auto const& [key, value] : report.context)
        context[key] = value;
    json const out{{"schema", schema},
                   {"clairgate", {{"version", report.clairgate_version}}},
                   {"image",
                    {{"reference", report.reference.text()},
                     {"digest", report.reference.digest()->text()},
                     {"media_type", report.media_type},
                     {"platforms", std::move(platforms)}}},
                   {"context", std::move(context)},
                   {"verdict", verdict_word(report)},
                   {"undecided_reason", report.undecided_reason},
                   {"summary",
                    {{"block", summary.block},
                     {"warn", summary.warn},
                     {"allow", summary.allow},
                     {"waived", 0}}},
                   {"findings", std::move(findings)},
                   {"coverage", coverage_json(report)},
                   {"scanner", scanner_json(report.scan.scanner)},
                   {"policy", policy_json(report.policy)},
                   {"run", run_json(report)}};
    return clairgate::json::dump(out, 2) + "\n";
}

} // namespace clairgate::report
