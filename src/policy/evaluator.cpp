#include <clairgate/policy/budget.hpp>
#include <clairgate/policy/verdict.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <algorithm>
#include <map>

namespace clairgate::policy {

namespace {

// What the rules of one layer say of one finding.
struct RuleOpinion {
    std::optional<Effect> effect;
    std::uint32_t index = 0;
    bool is_certain = false; ///< at least one rule matches for sure
    bool is_assumed = false; ///< the strictest one may not match
};

enum class RulesOf { all, ids, not_ids };

RuleOpinion rules_say(Layer const& layer, Facts const& facts, RulesOf which) {
    RuleOpinion out;
    bool const has_fix = !facts.finding.fixed_version.empty();
    for (std::uint32_t i = 0; i < layer.rules.size(); ++i) {
        auto const& rule = layer.rules[i];
        if (which != RulesOf::all && rule.names_ids() != (which == RulesOf::ids))
            continue;
        auto const truth = rule.matches(facts);
        if (truth == Truth::no)
            continue;
        out.is_certain = out.is_certain || truth == Truth::yes;
        auto const effect = effect_of(rule.action, has_fix);
        bool const is_better = !out.effect || effect > *out.effect ||
                               (effect == *out.effect && out.is_assumed && truth == Truth::yes);
        if (is_better) {
            out.effect = effect;
            out.index = i;
            out.is_assumed = truth == Truth::unknown;
        }
    }
    return out;
}

// The digests a statement may call the image of a platform by. Findings of one platform stand
// together, so that the last answer mostly is the next one.
class Digests {
  public:
    Digests(finding::ScanReport const& scan, Question const& question) {
        for (auto const& platform : scan.platforms)
            of_platform_[platform.platform] = {platform.manifest.text(), question.digest};
    }

    std::span<std::string const> of(std::string_view platform) {
        if (platform != platform_) {
            auto const found = of_platform_.find(platform);
            digests_ = found == of_platform_.end() ? std::span<std::string const>() : found->second;
            platform_ = platform;
        }
        return digests_;
    }

  private:
    std::map<std::string_view, std::vector<std::string>> of_platform_;
    std::optional<std::string_view> platform_; // that was asked for last
    std::span<std::string const> digests_;
};

} // namespace

Evaluator::Evaluator(Policy const& policy) : policy_(policy), stated_(policy.layers.size()) {
    hold_locks();
    auto const layers = static_cast<std::uint32_t>(policy.layers.size());
    for (std::uint32_t number = layers; number-- > 0;) {
        auto const& layer = policy.layers[number];
        for (auto const& [severity, setting] : layer.severity)
            stated_[number][static_cast<std::size_t>(severity)] = setting.value;
        for (std::uint32_t i = 0; i < layer.waivers.size(); ++i) {
            auto const place = static_cast<std::uint32_t>(waivers_.size());
            waivers_.push_back({number, OpinionRef::Kind::waiver, i});
            if (layer.waivers[i].ids.empty())
                without_id_.push_back(place);
            for (auto const& id : layer.waivers[i].ids)
                by_id_.add(id, place);
        }
    }
}

void Evaluator::hold_locks() {
    for (std::uint32_t number = 0; number < policy_.layers.size(); ++number) {
        auto const& layer = policy_.layers[number];
        for (std::uint32_t i = 0; i < layer.locks.size(); ++i) {
            auto const& lock = layer.locks[i];
            auto const hold = [&](std::uint32_t of, Action action) {
                locks_.push_back({number, i, lock.kind, of, action, lock.is_waivable});
            };
            if (lock.kind == Lock::Kind::severity) {
                auto const severity = finding::parse_severity(lock.name);
                if (severity && layer.severity.contains(*severity))
                    hold(static_cast<std::uint32_t>(*severity), layer.severity.at(*severity).value);
            } else if (lock.kind == Lock::Kind::rule) {
                for (std::uint32_t rule = 0; rule < layer.rules.size(); ++rule)
                    if (layer.rules[rule].name == lock.name)
                        hold(rule, layer.rules[rule].action);
            }
        }
    }
}

Waiver const& Evaluator::waiver_of(OpinionRef ref) const {
    return policy_.layers[ref.layer].waivers[ref.index];
}

// Nearest first, and each once: one may be known by the id and by an alias.
void Evaluator::fold(std::vector<Match>& matches) {
    std::sort(matches.begin(), matches.end(), [](Match const& a, Match const& b) {
        return a.waiver.layer > b.waiver.layer ||
               (a.waiver.layer == b.waiver.layer && a.waiver.index < b.waiver.index);
    });
    auto const is_same = [](Match const& a, Match const& b) { return a.waiver == b.waiver; };
    matches.erase(std::unique(matches.begin(), matches.end(), is_same), matches.end());
}

// All exceptions that speak of the finding, also those that have ended, nearest first.
void Evaluator::find_matches(Facts const& facts, std::vector<Match>& out) const {
    out.clear();
    auto const& finding = facts.finding;
    auto const consider = [&](std::span<std::uint32_t const> places) {
        for (auto const place : places)
            out.push_back({waivers_[place], false});
        if (out.size() > 2 * waivers_.size())
            fold(out); // a peer may send one alias in every spelling: that takes no memory
    };
    consider(by_id_.find(finding.id));
    for (auto const& alias : finding.aliases)
        consider(by_id_.find(alias));
    consider(without_id_);
    if (out.size() > 1)
        fold(out);
    std::erase_if(out, [&](Match const& match) { return !waiver_of(match.waiver).covers(facts); });
    for (auto& match : out) {
        auto const& waiver = waiver_of(match.waiver);
        bool const has_ended_with_fix = waiver.ends_with_fix && !finding.fixed_version.empty();
        match.is_active = !has_ended_with_fix &&
                          waiver_state(policy_, waiver, facts.now) == WaiverUse::State::active;
    }
}

// The nearest level with an opinion. A rule that may or may not match is tried both ways: its
// effect stands against what comes of it not matching, and the stricter one counts.
Evaluator::Passed Evaluator::decide_in(Facts const& facts, Matches matches, Pass pass) const {
    auto const severity = facts.finding.severity;
    bool const has_fix = !facts.finding.fixed_version.empty();
    auto const which = pass == Pass::ids_only  ? RulesOf::ids
                       : pass == Pass::but_ids ? RulesOf::not_ids
                                               : RulesOf::all;
    Passed out{std::nullopt, false}; // a candidate that is not settled: because of an unknown fact
    auto const hear = [&candidate = out.candidate](Effect effect, OpinionRef by, bool is_assumed) {
        if (!candidate || effect > candidate->effect)
            candidate = Candidate{effect, by, candidate || is_assumed};
    };
    for (auto number = static_cast<std::uint32_t>(policy_.layers.size());
         number-- > 0 && !out.is_settled;) {
        auto const& layer = policy_.layers[number];
        auto const waiver = std::find_if(matches.begin(), matches.end(), [&](Match const& match) {
            return match.is_active && match.waiver.layer == number;
        });
        if (pass != Pass::but_ids && waiver != matches.end()) {
            hear(Effect::allow, waiver->waiver, false);
            out.is_settled = true;
            continue;
        }
        if (!layer.rules.empty()) {
            auto const said = rules_say(layer, facts, which);
            if (said.effect)
                hear(*said.effect, {number, OpinionRef::Kind::rule, said.index}, said.is_assumed);
            out.is_settled = said.is_certain;
        }
        auto const& stated = stated_[number][static_cast<std::size_t>(severity)];
        if (!out.is_settled && pass != Pass::ids_only && stated) {
            hear(effect_of(*stated, has_fix),
                 {number, OpinionRef::Kind::severity, static_cast<std::uint32_t>(severity)},
                 false);
            out.is_settled = true;
        }
    }
    return out;
}

// Whether an exception takes the lock off its finding: one of the lock's own level, as part of what
// that level says, or of a nearer level where the lock is waivable. Break-glass and statements of
// other authors never speak for a level.
bool Evaluator::lifts(Match const& match, HeldLock const& held) const {
    if (!match.is_active || match.waiver.layer < held.layer)
        return false;
    if (held.is_waivable)
        return true;
    if (match.waiver.layer > held.layer)
        return false;
    auto const& waiver = waiver_of(match.waiver);
    return !waiver.break_glass && !waiver.is_vex;
}

// What a lock asks at least, where that is more than `effect`. Nothing where its level does not
// speak so itself: its own exception, its own rule before its severity, in Devtron's order its own
// word on that vulnerability.
std::optional<Evaluator::Floor> Evaluator::floor_above(Effect effect,
                                                       HeldLock const& held,
                                                       Facts const& facts,
                                                       Matches matches) const {
    bool const is_of_severity = held.kind == Lock::Kind::severity;
    if (is_of_severity && held.of != static_cast<std::uint32_t>(facts.finding.severity))
        return std::nullopt;
    auto const floor = effect_of(held.action, !facts.finding.fixed_version.empty());
    if (floor <= effect)
        return std::nullopt;
    bool const is_lifted = std::any_of(
        matches.begin(), matches.end(), [&](Match const& match) { return lifts(match, held); });
    if (is_lifted)
        return std::nullopt;
    auto const& layer = policy_.layers[held.layer];
    if (is_of_severity) {
        auto const own = rules_say(layer, facts, RulesOf::all);
        return own.is_certain ? std::nullopt : std::optional(Floor{floor, own.effect.has_value()});
    }
    auto const& rule = layer.rules[held.of];
    auto const truth = rule.matches(facts);
    if (truth == Truth::no)
        return std::nullopt;
    if (policy_.is_devtron && !rule.names_ids() && rules_say(layer, facts, RulesOf::ids).is_certain)
        return std::nullopt;
    return Floor{floor, truth == Truth::unknown};
}

void Evaluator::apply_locks(Facts const& facts, Matches matches, Decision& decision) const {
    for (auto const& held : locks_) {
        auto const floor = floor_above(decision.effect, held, facts, matches);
        if (!floor)
            continue;
        decision.effect = floor->effect;
        decision.lock = OpinionRef{held.layer, OpinionRef::Kind::lock, held.index};
        decision.is_assumed = decision.is_assumed || floor->is_assumed;
    }
}

// The outermost lock of a level above the application that blocks whatever exceptions are added.
std::optional<OpinionRef> Evaluator::pinned_by(Facts const& facts) const {
    for (auto const& held : locks_) {
        if (policy_.layers[held.layer].level >= Level::application || held.is_waivable)
            continue;
        if (floor_above(Effect::warn, held, facts, {})) // only `block` is above
            return OpinionRef{held.layer, OpinionRef::Kind::lock, held.index};
    }
    return std::nullopt;
}

// The exception to tell of: the one that decided, else the nearest that counts, else any.
std::optional<OpinionRef> Evaluator::told_of(Matches matches, OpinionRef by) {
    if (by.kind == OpinionRef::Kind::waiver)
        return by;
    if (matches.empty())
        return std::nullopt;
    auto const active = std::find_if(
        matches.begin(), matches.end(), [](Match const& match) { return match.is_active; });
    return active == matches.end() ? matches.front().waiver : active->waiver;
}

Decision Evaluator::decide_with(Facts const& facts, Matches matches) const {
    auto const by_id = policy_.is_devtron ? decide_in(facts, matches, Pass::ids_only)
                                          : Passed{std::nullopt, false};
    auto decided = by_id.candidate;
    if (!by_id.is_settled) {
        auto const rest = policy_.is_devtron ? Pass::but_ids : Pass::everything;
        auto const otherwise = decide_in(facts, matches, rest).candidate;
        CLAIRGATE_ASSERT(otherwise.has_value()); // the built-in layer has every severity
        if (!decided || otherwise->effect > decided->effect)
            decided = otherwise;
    }
    CLAIRGATE_ASSERT(decided.has_value());
    Decision out{decided->effect, decided->by, {}, {}, false, decided->is_assumed, {}, {}};
    apply_locks(facts, matches, out);
    out.is_waived = out.by.kind == OpinionRef::Kind::waiver && !out.lock;
    out.waiver = told_of(matches, out.by);
    if (out.effect == Effect::block)
        out.pinned_by = pinned_by(facts);
    return out;
}

Decision Evaluator::decide(Facts const& facts) const {
    std::vector<Match> matches;
    find_matches(facts, matches);
    return decide_with(facts, matches);
}

Verdict Evaluator::judge(finding::ScanReport const& scan, Question const& question) const {
    CLAIRGATE_ASSERT(!scan.platforms.empty());
    Verdict verdict(Effect::allow);
    WaiverLedger ledger(policy_, question.now);
    BudgetCount budget(policy_);
    verdict.decisions_.reserve(scan.findings.size());
    Digests digests(scan, question);
    std::vector<Match> matches;
    for (auto const& finding : scan.findings) {
        Facts const facts{finding,
                          question.repository,
                          policy_.context.environment,
                          question.now,
                          digests.of(finding.platform)};
        find_matches(facts, matches);
        auto decision = decide_with(facts, matches);
        for (auto const& match : matches)
            ledger.note(match.waiver, finding, decision);
        if (decision.is_waived)
            decision.turns_red = turns_red(facts, decision);
        else
            budget.add(finding.severity);
        verdict.effect_ = std::max(verdict.effect_, decision.effect);
        verdict.decisions_.push_back(decision);
    }
    for (auto const& platform : scan.platforms) {
        verdict.coverage_.push_back(judge_coverage(policy_, scan.scanner, platform, question.now));
        verdict.effect_ = std::max(verdict.effect_, verdict.coverage_.back().decision.effect);
    }
    verdict.budget_ = budget.judged();
    for (auto const& exceeded : verdict.budget_)
        verdict.effect_ = std::max(verdict.effect_, exceeded.decision.effect);
    verdict.waivers_ = std::move(ledger).uses();
    return verdict;
}

// When the exceptions that allow it today have ended, one after the other, and it blocks.
std::optional<SystemTime> Evaluator::turns_red(Facts const& facts, Decision const& today) const {
    constexpr int exceptions_max = 16;
    auto decision = today;
    auto at = facts.now;
    for (int i = 0; i < exceptions_max && decision.is_waived; ++i) {
        auto const& waiver = policy_.layers[decision.by.layer].waivers[decision.by.index];
        auto const ends = waiver.ends;
        if (waiver.is_vex || ends <= at) // it has no end of its own
            return std::nullopt;
        at = ends;
        decision =
            decide({facts.finding, facts.repository, facts.environment, ends, facts.digests});
        if (decision.effect == Effect::block)
            return ends;
    }
    return std::nullopt;
}

Verdict evaluate(Policy const& policy, finding::ScanReport const& scan, Question const& question) {
    return Evaluator(policy).judge(scan, question);
}

} // namespace clairgate::policy
