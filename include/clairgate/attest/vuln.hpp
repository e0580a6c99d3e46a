#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/finding/scan_report.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The scan as predicates: cosign's vulnerability record, which every policy engine reads, and
/// in-toto's vulns v0.2.
namespace clairgate::attest {

/// Clair of this version as a package URL; "" gives one without a version.
std::string scanner_uri(std::string_view version);

/// The facts of a scan that stand outside of the report itself.
struct ScanFacts {
    std::string scanner_version; ///< Clair's; "" when it does not say
    std::string database;        ///< URI of Clair, or of the local engine's data; may be ""
    std::string database_state;  ///< names the state of the vulnerability data: newest operation
    std::optional<SystemTime> database_updated; ///< when the data last changed
    std::string invocation_uri;                 ///< of the CI run; "" when not in CI
    std::string event_id;
    std::string builder_id; ///< who ran it: clairgate and its version
    SystemTime started;
    SystemTime finished;
};

/// The predicate of https://cosign.sigstore.dev/attestation/vuln/v1 (cosign, specs/COSIGN_VULN
/// _ATTESTATION_SPEC.md) with the whole report in `scanner.result`: `report_json` is taken as it
/// is, white space around it too, and comes back from `parse_vuln_predicate` byte for byte. The
/// members are those of cosign's fixed struct, each of the type it wants: others would be lost on
/// the way to a policy (hence no `database_updated`), another type would fail the verification of
/// the whole image. Times are RFC 3339 UTC in whole seconds.
std::string vuln_predicate(ScanFacts const& facts, std::string_view report_json);

/// What a vuln predicate says of itself. `result` is the raw text of `scanner.result` with the
/// white space around it.
struct VulnRecord {
    std::string result;
    std::optional<SystemTime> started;
    std::optional<SystemTime> finished;
};
/// Reads a vuln predicate, ours or another tool's. Kind protocol: no object, no `scanner.result`, a
/// time that is none, duplicate members anywhere.
Result<VulnRecord> parse_vuln_predicate(std::string_view predicate);

/// The predicate of https://in-toto.io/attestation/vulns/v0.2: one entry for each finding's id and
/// package (the worst, where updaters differ), with Clair's severity word and the highest CVSS
/// score where there is one (as text, as the format wants). Deterministic, sorted, without
/// duplicates; an empty list when nothing was found. `lastUpdate`, which the format requires, is
/// left out when it is not known.
std::string vulns_predicate(ScanFacts const& facts, finding::ScanReport const& scan);

} // namespace clairgate::attest
