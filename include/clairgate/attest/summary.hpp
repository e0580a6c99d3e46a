#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/image/digest.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::attest {

/// The verdict as a SLSA verification summary (https://slsa.dev/spec/v1.1/verification_summary),
/// which `slsa-verifier verify-vsa` reads from the raw envelope.
struct VerificationSummary {
    std::string verifier_id; ///< URI of this tool
    std::string verifier_version;
    SystemTime verified;
    std::string resource_uri; ///< "oci://registry/repository@sha256:…"
    struct PolicyFile {
        std::string uri; ///< path below the policy folder, with its source
        image::Digest digest;
    };
    std::string policy_uri;               ///< where the policy as a whole is from
    std::vector<PolicyFile> policy_files; ///< any order; the policy's digest is made of all
    image::Digest scan_report;            ///< of the statement that holds the report
    bool has_passed = false;              ///< false for block and undecided
    std::string verdict;                  ///< "pass", "warn", "block", "undecided"
};

/// The predicate. `policy.digest` is the sha256 of the sorted lines "digest  uri\n" of all files (a
/// line break in a uri is written %0A); `verifiedLevels` holds CLAIRGATE_SCAN_PASS or
/// CLAIRGATE_SCAN_WARN, or FAILED alone. PASSED needs `has_passed` and a verdict of pass or warn:
/// what contradicts itself has failed.
std::string summary_predicate(VerificationSummary const& summary);

/// What a verification summary says. Members that are not read here may be there or not.
struct ParsedSummary {
    std::string verifier_id;
    std::string resource_uri;
    std::string policy_uri;
    SystemTime verified;
    bool has_passed = false;
    std::vector<std::string> levels;
};
/// Kind protocol where a member is missing, of another type, or there twice, or the result is no
/// word of SLSA's.
Result<ParsedSummary> parse_summary_predicate(std::string_view predicate);

} // namespace clairgate::attest
