#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy_test_file.hpp>

namespace clairgate::policy {

namespace {

// The findings in an image of which everything is known, so that they alone decide.
finding::ScanReport scan_of(PolicyTest const& test, SystemTime now) {
    finding::ScanReport scan;
    scan.platforms.push_back({"linux/amd64",
                              image::Digest::of("policy test"),
                              1,
                              1,
                              {{"policy test", "", 1, true, {"policy test"}, now}}});
    scan.scanner.has_updater_facts = true;
    for (auto const& one : test.findings)
        scan.findings.push_back(one.finding);
    return scan;
}

std::string_view word_of(Effect effect) {
    return effect == Effect::allow ? "pass" : to_string(effect);
}

std::string_view word_of(Decision const& decision) {
    return decision.is_waived ? "waived" : to_string(decision.effect);
}

std::string told(Explanation const& words) {
    return cat(words.sentence, " (", place_of(words.lock ? *words.lock : words.origin), ")");
}

// Who or what made the verdict what it is.
std::string reason_of(Policy const& policy, PolicyTest const& test, Verdict const& verdict) {
    auto const& decisions = verdict.decisions();
    for (std::size_t i = 0; i < decisions.size(); ++i)
        if (decisions[i].effect == verdict.effect())
            return told(explain(policy, test.findings[i].finding, decisions[i]));
    for (auto const& budget : verdict.budget())
        if (budget.decision.effect == verdict.effect())
            return cat(budget.decision.sentence, " (", place_of(budget.decision.origin), ")");
    return "it has no finding";
}

void check(TestFinding const& expected,
           Policy const& policy,
           Decision const& decision,
           std::vector<TestFailure>& failures) {
    auto const got = word_of(decision);
    auto const words = explain(policy, expected.finding, decision);
    bool const is_as_expected = expected.expect.empty() || expected.expect == got ||
                                (expected.expect == "allow" && decision.effect == Effect::allow);
    if (!is_as_expected)
        failures.push_back({expected.at,
                            cat(expected.finding.id,
                                ": expected ",
                                expected.expect,
                                ", got ",
                                got,
                                ": ",
                                told(words))});
    auto const& decider = words.lock ? words.lock->rule : words.origin.rule;
    bool const is_by = expected.rule.empty() || expected.rule == decider;
    if (is_as_expected && !is_by)
        failures.push_back({expected.at,
                            cat(expected.finding.id,
                                ": expected ",
                                expected.rule,
                                " to decide, but ",
                                decider,
                                " did: ",
                                told(words))});
}

} // namespace

std::vector<TestFailure>
run_policy_test(Policy const& policy, PolicyTest const& test, SystemTime now) {
    auto const at = test.now.value_or(now);
    auto const verdict = evaluate(policy, scan_of(test, at), {test.image, at});
    std::vector<TestFailure> failures;
    auto const got = word_of(verdict.effect());
    if (!test.expect.empty() && test.expect != got)
        failures.push_back(
            {test.at,
             cat("expected ", test.expect, ", got ", got, ": ", reason_of(policy, test, verdict))});
    for (std::size_t i = 0; i < test.findings.size(); ++i)
        check(test.findings[i], policy, verdict.decisions()[i], failures);
    return failures;
}

} // namespace clairgate::policy
