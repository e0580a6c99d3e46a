#include <clairgate/base/text.hpp>
#include <clairgate/report/record.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace clairgate::report {

namespace {

// The rules of an account, each once, in the order in which they are first named.
class Rules {
  public:
    Rules(policy::Policy const& policy, std::vector<Rule>& rules)
        : policy_(policy), rules_(rules) {}

    std::uint32_t place_of(policy::OpinionRef opinion) {
        auto const next = static_cast<std::uint32_t>(rules_.size());
        auto const [found, is_fresh] =
            known_.try_emplace(std::tuple(opinion.layer, opinion.kind, opinion.index), next);
        if (is_fresh)
            rules_.push_back(
                {policy::origin_of(policy_, opinion), policy::text_of(policy_, opinion)});
        return found->second;
    }

  private:
    using Key = std::tuple<std::uint32_t, policy::OpinionRef::Kind, std::uint32_t>;
    policy::Policy const& policy_;
    std::vector<Rule>& rules_;
    std::map<Key, std::uint32_t> known_;
};

Decided decided(policy::Policy const& policy,
                finding::Finding const& finding,
                policy::Decision const& decision,
                Rules& rules) {
    auto words = policy::explain(policy, finding, decision);
    Decided out(decision.effect, rules.place_of(decision.by));
    out.is_waived = decision.is_waived;
    out.is_assumed = decision.is_assumed;
    out.sentence = std::move(words.sentence);
    out.remedy = std::move(words.remedy);
    out.turns_red = decision.turns_red;
    if (decision.lock)
        out.lock = rules.place_of(*decision.lock);
    if (decision.pinned_by)
        out.pinned = cat(policy::text_of(policy, *decision.pinned_by),
                         " (",
                         policy::place_of(policy::origin_of(policy, *decision.pinned_by)),
                         ")");
    else if (decision.effect == policy::Effect::block)
        out.exception = policy::exception_snippet(finding);
    return out;
}

std::string_view to_string(policy::WaiverUse::State state) {
    static constexpr std::array<std::string_view, 4> words{
        "active", "expired", "not-yet", "refused"};
    return words.at(static_cast<std::size_t>(state));
}

ExceptionUse use_of(policy::Policy const& policy, policy::WaiverUse const& use) {
    auto const& waiver = policy.layers.at(use.waiver.layer).waivers.at(use.waiver.index);
    return {.origin = waiver.origin,
            .ids = waiver.ids,
            .owner = waiver.owner,
            .reason = waiver.reason,
            .expires = waiver.expires,
            .state = std::string(to_string(use.state)),
            .sentence = use.sentence,
            .matched = use.matched,
            .waived = use.waived,
            .is_break_glass = waiver.break_glass.has_value(),
            .expires_soon = use.expires_soon,
            .is_over_broad = use.is_over_broad,
            .is_shadowed = use.is_shadowed};
}

PolicyAccount policy_account(policy::Policy const& policy) {
    PolicyAccount out;
    out.files = policy.files;
    for (auto const& note : policy.notes)
        out.notes.push_back(note.text);
    out.source = policy.source;
    out.is_trusted = policy.is_trusted;
    out.is_devtron = policy.is_devtron;
    out.is_enforced = policy.scan.enforce.value;
    if (!out.is_enforced)
        out.not_enforced_by = policy.scan.enforce.origin;
    return out;
}

Summary summary_of(std::vector<policy::Decision> const& decisions) {
    Summary summary;
    for (auto const& decision : decisions) {
        ++(decision.effect == policy::Effect::block  ? summary.block
           : decision.effect == policy::Effect::warn ? summary.warn
                                                     : summary.allow);
        summary.waived += decision.is_waived ? std::size_t{1} : std::size_t{0};
    }
    return summary;
}

} // namespace

Account account_of(Report const& report) {
    Account account;
    account.policy = policy_account(*report.policy);
    if (!report.verdict)
        return account;
    auto const& verdict = *report.verdict;
    auto const& decisions = verdict.decisions();
    CLAIRGATE_ASSERT(decisions.size() == report.scan.findings.size());
    account.effect = verdict.effect();
    account.summary = summary_of(decisions);
    Rules rules(*report.policy, account.rules);
    account.decisions.reserve(decisions.size());
    for (std::size_t i = 0; i < decisions.size(); ++i)
        account.decisions.push_back(
            decided(*report.policy, report.scan.findings[i], decisions[i], rules));
    account.coverage = verdict.coverage();
    account.budget = verdict.budget();
    for (auto const& use : verdict.waivers())
        account.exceptions.push_back(use_of(*report.policy, use));
    return account;
}

Record::Record(Report const& report, Account account)
    : report_(report), account_(std::move(account)) {
    CLAIRGATE_ASSERT(report_.reference.digest().has_value());
    CLAIRGATE_ASSERT(account_.decisions.size() ==
                     (is_decided() ? report_.scan.findings.size() : 0));
    CLAIRGATE_ASSERT(account_.coverage.size() ==
                     (is_decided() ? report_.scan.platforms.size() : 0));
    for (auto const& [platform, layers] : report_.image.layers)
        for (auto const& layer : layers)
            instructions_.emplace(layer.digest.text(), layer.instruction);
}

std::string Record::digest() const {
    auto const& digest = report_.reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    return std::string(digest->text());
}

std::string_view Record::verdict_word() const {
    if (!account_.effect)
        return "undecided";
    switch (*account_.effect) {
    case policy::Effect::allow:
        return "pass";
    case policy::Effect::warn:
        return "warn";
    case policy::Effect::block:
        return "block";
    }
    return "block";
}

Decided const* Record::decision(std::size_t i) const {
    return is_decided() ? &account_.decisions.at(i) : nullptr;
}

Rule const* Record::rule(std::size_t i) const {
    auto const* const decided = decision(i);
    return decided == nullptr ? nullptr : &account_.rules.at(decided->by());
}

std::string_view Record::instruction(finding::Finding const& finding) const {
    if (!finding.layer)
        return {};
    auto const found = instructions_.find(finding.layer->text());
    return found == instructions_.end() ? std::string_view() : found->second;
}

std::optional<SystemTime> Record::data_date() const {
    auto const& scanner = report_.scan.scanner;
    auto newest = scanner.data_date;
    if (!newest)
        for (auto const& updater : scanner.updaters)
            newest = std::max(newest, std::optional(updater.date));
    return newest;
}

} // namespace clairgate::report
