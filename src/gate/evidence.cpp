#include <clairgate/base/text.hpp>
#include <clairgate/gate/evidence.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

// The newest operation names the state of the vulnerability data.
finding::UpdateOperation const* newest_operation(finding::Scanner const& scanner) {
    auto const newest =
        std::max_element(scanner.updaters.begin(),
                         scanner.updaters.end(),
                         [](auto const& a, auto const& b) { return a.date < b.date; });
    return newest == scanner.updaters.end() ? nullptr : &*newest;
}

} // namespace

CiRun ci_run_of(io::Environment const& environment) {
    auto const value = [&environment](std::string_view name) {
        return environment.value(name).value_or("");
    };
    auto const server = value("GITHUB_SERVER_URL");
    auto const run_id = value("GITHUB_RUN_ID");
    if (!server.empty() && !run_id.empty())
        return {cat(server, "/", value("GITHUB_REPOSITORY"), "/actions/runs/", run_id), run_id};
    if (auto const job = value("CI_JOB_URL"); !job.empty())
        return {job, value("CI_PIPELINE_ID")};
    if (auto const build = value("BUILD_URL"); !build.empty()) // Jenkins
        return {build, value("BUILD_TAG")};
    return {};
}

std::vector<attest::Subject> subjects_of(image::Subject const& subject) {
    auto const name = subject.reference.repository().text();
    std::vector<attest::Subject> subjects;
    auto const add = [&](image::Digest const& digest) {
        attest::Subject one{name, digest};
        if (std::find(subjects.begin(), subjects.end(), one) == subjects.end())
            subjects.push_back(std::move(one));
    };
    if (subject.is_whole)
        add(subject.digest);
    for (auto const& platform : subject.platforms)
        add(platform.manifest.digest);
    return subjects;
}

attest::ScanFacts scan_facts_of(report::Report const& report, CiRun const& run) {
    auto const& scanner = report.scan.scanner;
    attest::ScanFacts facts;
    facts.scanner_version = scanner.version;
    facts.database_updated = scanner.data_date;
    if (auto const* const newest = newest_operation(scanner)) {
        facts.database = newest->updater;
        facts.database_state = newest->ref;
        if (!facts.database_updated)
            facts.database_updated = newest->date;
    }
    facts.invocation_uri = run.uri;
    facts.event_id = run.event_id;
    facts.builder_id = cat(verifier_uri, "@", report.clairgate_version);
    facts.started = report.run.started;
    facts.finished = report.run.finished;
    return facts;
}

std::string policy_uri_of(std::map<std::string, std::string> const& context) {
    std::string uri = "clairgate:policy";
    char separator = '?';
    for (auto const& [key, value] : context) {
        uri += cat(separator, key, "=", value); // names hold only [a-z0-9._-]
        separator = '&';
    }
    return uri;
}

attest::VerificationSummary summary_of_report(report::Report const& report,
                                              std::string_view scan_statement) {
    auto const verdict = report::verdict_word(report);
    attest::VerificationSummary summary{.verifier_id = std::string(verifier_uri),
                                        .verifier_version = report.clairgate_version,
                                        .verified = report.run.finished,
                                        .resource_uri = cat("oci://", report.reference.text()),
                                        .policy_uri = policy_uri_of(report.context),
                                        .policy_files = {},
                                        .scan_report = image::Digest::of(scan_statement),
                                        .has_passed = verdict == "pass" || verdict == "warn",
                                        .verdict = std::string(verdict)};
    for (auto const& file : report.policy->files) {
        auto const digest = image::Digest::parse(file.digest);
        CLAIRGATE_ASSERT(digest.has_value()); // policy made it of the bytes
        summary.policy_files.push_back({file.path, *digest});
    }
    return summary;
}

io::Task<Result<SignedReport>> sign_report(Notary& notary,
                                           report::Report const& report,
                                           image::Subject const& subject,
                                           CiRun run,
                                           bool wants_vulns,
                                           Deadline deadline) {
    CLAIRGATE_ASSERT(report.reference.digest() == subject.digest);
    SignedReport out;
    out.report_json = report::json_of(report);
    auto const subjects = subjects_of(subject);
    auto const facts = scan_facts_of(report, run);
    auto const sign = [&](std::string_view type, std::string predicate) {
        return notary.sign(
            attest::statement_json({subjects, std::string(type), std::move(predicate)}), deadline);
    };
    CO_TRY(auto scan,
           co_await sign(attest::predicate_type::vuln,
                         attest::vuln_predicate(facts, out.report_json)));
    auto const summary = summary_of_report(report, scan.envelope.payload);
    out.statements.push_back({std::string(attest::predicate_type::vuln), std::move(scan)});
    CO_TRY(auto verdict,
           co_await sign(attest::predicate_type::summary, attest::summary_predicate(summary)));
    out.statements.push_back({std::string(attest::predicate_type::summary), std::move(verdict)});
    if (!wants_vulns)
        co_return out;
    CO_TRY(
        auto vulns,
        co_await sign(attest::predicate_type::vulns, attest::vulns_predicate(facts, report.scan)));
    out.statements.push_back({std::string(attest::predicate_type::vulns), std::move(vulns)});
    co_return out;
}

} // namespace clairgate::gate
