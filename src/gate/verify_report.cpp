#include <clairgate/base/text.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/run_command.hpp>
#include <clairgate/gate/verify_report.hpp>
#include <clairgate/report/columns.hpp>
#include <clairgate/report/json.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

std::string proven_words(ProvenReport const& proven, SystemTime now) {
    auto const age = std::chrono::duration_cast<Duration>(now - proven.finished);
    auto const& stored = proven.stored;
    return cat("evidence ",
               report::inert(proven.where, true).text(),
               ": scanned ",
               to_rfc3339(proven.finished),
               age >= Duration::zero() ? cat(", ", to_string(age), " ago") : std::string(),
               "; recorded verdict: ",
               stored.verdict,
               stored.is_policy_trusted ? " under a trusted policy" : " under an untrusted policy");
}

policy::Effect recorded_effect(report::StoredReport const& stored) {
    if (stored.verdict == "pass")
        return policy::Effect::allow;
    if (stored.verdict == "warn" || (stored.verdict == "block" && !stored.is_enforced))
        return policy::Effect::warn;
    return policy::Effect::block;
}

} // namespace

std::string recorded_text(Verified const& verified) {
    constexpr std::size_t columns = 100;
    return cat("RECORDED: ",
               verified.recorded_verdict,
               "  ",
               report::inert(verified.report.reference.text(), true).text(),
               "\n",
               report::wrapped("  ", verified.sentence, columns));
}

bool is_own(policy::Policy const& policy) {
    return !policy.files.empty();
}

Duration age_max_for(TrustChoice const& trust, policy::Policy const& policy) {
    auto const& stated = policy.scan.max_report_age;
    if (!trust.age_max)
        return stated.value;
    bool const is_stated = stated.origin.level != policy::Level::built_in;
    return is_stated ? std::min(*trust.age_max, stated.value) : *trust.age_max;
}

Result<Verified>
judge_proven(ProvenReport proven, policy::Policy policy, bool may_be_untrusted, SystemTime now) {
    auto words = proven_words(proven, now);
    auto const effect = recorded_effect(proven.stored);
    auto& report = proven.stored.report;
    if (proven.stored.verdict == "undecided" || !report.undecided_reason.empty())
        return Error(ErrorKind::denied, cat(words, ": that run could not decide"))
            .with_remedy("scan the image again");
    bool const is_judged_here = is_own(policy);
    if (!is_judged_here && !proven.stored.is_policy_trusted && !may_be_untrusted)
        return Error(ErrorKind::denied,
                     cat(words, ", which somebody could have edited; there is no policy here"))
            .with_remedy("judge by your own: --policy DIR or --policy-source; or believe the "
                         "recorded verdict with --allow-untrusted-policy");
    Verified verified{.report = std::move(report),
                      .recorded_json = std::move(proven.report_json),
                      .recorded_verdict = proven.stored.verdict,
                      .effect = effect,
                      .is_judged_here = is_judged_here,
                      .sentence = {}};
    if (is_judged_here) {
        verified.report = Judge(std::move(policy)).judged(std::move(verified.report), now);
        verified.effect = enforced_effect(verified.report);
    }
    auto const counts = is_judged_here
                            ? cat("by the policy here: ", report::verdict_word(verified.report))
                            : std::string("no policy here, so the recorded verdict counts");
    verified.sentence = cat(words, "; ", counts);
    return verified;
}

} // namespace clairgate::gate
