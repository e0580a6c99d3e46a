#pragma once

#include <clairgate/base/error.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/verdict.hpp>

#include <optional>
#include <string>
#include <vector>

namespace clairgate::policy {

/// `[[test.finding]]`: a finding as a scan would give it, and what should become of it. What the
/// file does not say of it is not known.
struct TestFinding {
    finding::Finding finding;
    std::string expect; ///< allow (also where an exception does it), warn, block, waived; "": any
    std::string rule;   ///< what decides, as explanations name it: "severity.critical"; "": any
    SourcePosition at;
};

/// `[[test]]`: an image with these findings, all of its packages covered.
struct PolicyTest {
    std::string name;
    Context context;
    std::string image;             ///< its repository
    std::optional<SystemTime> now; ///< nothing: the time of the run
    std::string expect;            ///< pass, warn or block; "": any
    std::vector<TestFinding> findings;
    SourcePosition at;
};

/// The tests of one file; its mistakes are added, each with file, line, column and a suggestion.
std::vector<PolicyTest> parse_policy_tests(SourceFile const& file, std::vector<Error>& mistakes);
/// The tests of all files of the policy folder that are test files, in their order.
std::vector<PolicyTest> tests_of_tree(std::vector<SourceFile> const& files,
                                      std::vector<Error>& mistakes);

/// One expectation that does not hold: "expected block, got warn: …" and where it is written.
struct TestFailure {
    SourcePosition at;
    std::string text;
};
/// What does not hold under the policy, which is resolved for the test's context; empty: nothing.
std::vector<TestFailure>
run_policy_test(Policy const& policy, PolicyTest const& test, SystemTime now);

} // namespace clairgate::policy
