#pragma once

#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/attest/summary.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/gate/notary.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/report/report.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A report as evidence: statements about the image, and their signatures.
namespace clairgate::gate {

/// What verification summaries name as their verifier.
inline constexpr std::string_view verifier_uri = "pkg:generic/clairgate";

/// Where a run came from, by the variables of the CI system it runs in; "" where they say nothing.
struct CiRun {
    std::string uri;
    std::string event_id;
};
CiRun ci_run_of(io::Environment const& environment);

/// Whom a report speaks of: every platform's manifest, and the index where all of its platforms
/// were scanned. Without duplicates; what was sighted comes first when it is among them.
std::vector<attest::Subject> subjects_of(image::Subject const& subject);

/// The facts about the scan that predicates repeat.
attest::ScanFacts scan_facts_of(report::Report const& report, CiRun const& run);

/// "clairgate:policy?application=shop&environment=production": names a policy for a context, and
/// so tells apart the summaries of one image.
std::string policy_uri_of(std::map<std::string, std::string> const& context);

/// The verdict as a verification summary; `scan_statement` is the payload it sums up.
attest::VerificationSummary summary_of_report(report::Report const& report,
                                              std::string_view scan_statement);

/// One signed statement.
struct SignedStatement {
    std::string predicate_type;
    attest::Bundle bundle;
};

/// A report, signed. `report_json` is byte for byte what the first statement holds.
struct SignedReport {
    std::string report_json;
    std::vector<SignedStatement> statements; ///< the scan first, then the summary, then others
};

/// Makes and signs the statements of one report.
io::Task<Result<SignedReport>> sign_report(Notary& notary,
                                           report::Report const& report,
                                           image::Subject const& subject,
                                           CiRun run,
                                           bool wants_vulns,
                                           Deadline deadline);

} // namespace clairgate::gate
