#include <clairgate/policy/budget.hpp>
#include <clairgate/policy/verdict.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <algorithm>
#include <cstring>
#include <map>

namespace clairgate::policy {

namespace {

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

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

// The digests a statement may call the image of a platform by.
std::map<std::string_view, std::vector<std::string>> digests_of(finding::ScanReport const& scan,
                                                                Question const& question) {
    std::map<std::string_view, std::vector<std::string>> out;
    for (auto const& platform : scan.platforms)
        out[platform.platform] = {platform.manifest.text(), question.digest};
    return out;
}

} // namespace

std::size_t Evaluator::IdHash::operator()(std::string_view id) const {
    constexpr std::uint64_t lower = 0x2020202020202020; // letters of either case become one
    constexpr std::uint64_t prime = 0x9E3779B97F4A7C15;
    std::uint64_t hash = id.size();
    for (; !id.empty(); id.remove_prefix(std::min(id.size(), sizeof hash))) {
        std::uint64_t word = 0;
        std::memcpy(&word, id.data(), std::min(id.size(), sizeof word));
        hash = (hash ^ (word | lower)) * prime;
        hash ^= hash >> 32U;
    }
    return hash;
}

bool Evaluator::IdEqual::operator()(std::string_view a, std::string_view b) const {
    if (a.size() != b.size())
        return false;
    return a == b || std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return upper(x) == upper(y);
           });
}

Evaluator::Evaluator(Policy const& policy) : policy_(policy), stated_(policy.layers.size()) {
    hold_locks();
    auto const layers = static_cast<std::uint32_t>(policy.layers.size());
    for (std::uint32_t number = layers; number-- > 0;) {
        auto const& layer = policy.layers[number];
        for (auto const& [severity, setting] : layer.severity)
            stated_[number][static_cast<std::size_t>(severity)] = setting.value;
        for (std::uint32_t i = 0; i < layer.waivers.size(); ++i) {
            OpinionRef const ref{number, OpinionRef::Kind::waiver, i};
            if (layer.waivers[i].ids.empty())
                without_id_.push_back(ref);
            for (auto const& id : layer.waivers[i].ids)
                by_id_[id].push_back(ref);
        }
    }
}

void Evaluator::hold_locks() {
    for (std::uint32_t number = 0; number < policy_.layers.size(); ++number) {
        auto const& layer = policy_.layers[number];
        for (std::uint32_t i = 0; i < layer.locks.size(); ++i) {
            auto const& lock = layer.locks[i];
            if (lock.kind == Lock::Kind::severity) {
                auto const severity = finding::parse_severity(lock.name);
                if (severity && layer.severity.contains(*severity))
                    locks_.push_back({number, i, static_cast<std::uint32_t>(*severity)});
            } else if (lock.kind == Lock::Kind::rule) {
                for (std::uint32_t rule = 0; rule < layer.rules.size(); ++rule)
                    if (layer.rules[rule].name == lock.name)
                        locks_.push_back({number, i, rule});
            }
        }
    }
}

// All exceptions that speak of the finding, also those that have ended, nearest first.
Evaluator::Matches Evaluator::matches_for(Facts const& facts) const {
    Matches out;
    auto const& finding = facts.finding;
    auto const consider = [&](OpinionRef ref) {
        auto const& waiver = policy_.layers[ref.layer].waivers[ref.index];
        bool const is_known = std::any_of(
            out.begin(), out.end(), [&](Match const& match) { return match.waiver == ref; });
        if (is_known || !waiver.covers(facts))
            return;
        bool const has_ended_with_fix = waiver.ends_with_fix && !finding.fixed_version.empty();
        out.push_back({ref,
                       waiver_state(policy_, waiver, facts.now) == WaiverUse::State::active &&
                           !has_ended_with_fix});
    };
    auto const look_up = [&](std::string_view id) {
        if (auto const found = by_id_.find(id); found != by_id_.end())
            for (auto const ref : found->second)
                consider(ref);
    };
    if (!by_id_.empty()) {
        look_up(finding.id);
        for (auto const& alias : finding.aliases)
            look_up(alias);
    }
    for (auto const ref : without_id_)
        consider(ref);
    if (out.size() > 1)
        std::sort(out.begin(), out.end(), [](Match const& a, Match const& b) {
            return a.waiver.layer > b.waiver.layer ||
                   (a.waiver.layer == b.waiver.layer && a.waiver.index < b.waiver.index);
        });
    return out;
}

// The nearest level with an opinion. A rule that may or may not match is tried both ways: its
// effect stands against what comes of it not matching, and the stricter one counts.
Evaluator::Passed
Evaluator::decide_in(Facts const& facts, Matches const& matches, Pass pass) const {
    auto const severity = facts.finding.severity;
    bool const has_fix = !facts.finding.fixed_version.empty();
    auto const which = pass == Pass::ids_only  ? RulesOf::ids
                       : pass == Pass::but_ids ? RulesOf::not_ids
                                               : RulesOf::all;
    std::optional<Decision> candidate; // not settled: because of an unknown fact
    auto const settle = [&candidate](Effect effect, OpinionRef by, bool is_assumed) {
        if (!candidate || effect > candidate->effect)
            candidate = Decision{effect, by, {}, {}, false, candidate || is_assumed, {}, {}};
    };
    for (auto number = static_cast<std::uint32_t>(policy_.layers.size()); number-- > 0;) {
        auto const& layer = policy_.layers[number];
        if (pass != Pass::but_ids) {
            for (auto const& match : matches)
                if (match.is_active && match.waiver.layer == number) {
                    settle(Effect::allow, match.waiver, false);
                    return {candidate, true};
                }
        }
        if (!layer.rules.empty()) {
            auto const said = rules_say(layer, facts, which);
            if (said.effect)
                settle(*said.effect, {number, OpinionRef::Kind::rule, said.index}, said.is_assumed);
            if (said.is_certain)
                return {candidate, true};
        }
        auto const& stated = stated_[number][static_cast<std::size_t>(severity)];
        if (pass != Pass::ids_only && stated) {
            settle(effect_of(*stated, has_fix),
                   {number, OpinionRef::Kind::severity, static_cast<std::uint32_t>(severity)},
                   false);
            return {candidate, true};
        }
    }
    return {candidate, false};
}

// Whether an exception takes the lock off its finding: one of the lock's own level, as part of what
// that level says, or of a nearer level where the lock is waivable. Break-glass and statements of
// other authors never speak for a level.
bool Evaluator::lifts(Match const& match, HeldLock const& held) const {
    if (!match.is_active || match.waiver.layer < held.layer)
        return false;
    auto const& layer = policy_.layers[held.layer];
    if (layer.locks[held.index].is_waivable)
        return true;
    if (match.waiver.layer > held.layer)
        return false;
    auto const& waiver = layer.waivers[match.waiver.index];
    return !waiver.break_glass && !waiver.is_vex;
}

// What a lock asks at least. Nothing where its level does not speak so itself: its own exception,
// its own rule before its severity, in Devtron's order its own word on that vulnerability.
std::optional<Evaluator::Floor>
Evaluator::floor_of(HeldLock const& held, Facts const& facts, Matches const& matches) const {
    auto const& layer = policy_.layers[held.layer];
    bool const has_fix = !facts.finding.fixed_version.empty();
    bool const is_lifted = std::any_of(
        matches.begin(), matches.end(), [&](Match const& match) { return lifts(match, held); });
    if (is_lifted)
        return std::nullopt;
    if (layer.locks[held.index].kind == Lock::Kind::severity) {
        auto const severity = facts.finding.severity;
        if (held.of != static_cast<std::uint32_t>(severity))
            return std::nullopt;
        auto const own = rules_say(layer, facts, RulesOf::all);
        if (own.is_certain)
            return std::nullopt;
        return Floor{effect_of(layer.severity.at(severity).value, has_fix), own.effect.has_value()};
    }
    auto const& rule = layer.rules[held.of];
    auto const truth = rule.matches(facts);
    if (truth == Truth::no)
        return std::nullopt;
    if (policy_.is_devtron && !rule.names_ids() && rules_say(layer, facts, RulesOf::ids).is_certain)
        return std::nullopt;
    return Floor{effect_of(rule.action, has_fix), truth == Truth::unknown};
}

void Evaluator::apply_locks(Facts const& facts, Matches const& matches, Decision& decision) const {
    for (auto const& held : locks_) {
        auto const floor = floor_of(held, facts, matches);
        if (!floor || floor->effect <= decision.effect)
            continue;
        decision.effect = floor->effect;
        decision.lock = OpinionRef{held.layer, OpinionRef::Kind::lock, held.index};
        decision.is_assumed = decision.is_assumed || floor->is_assumed;
    }
}

// Asks every lock of an outer level about an exception nearer than all there are.
std::optional<OpinionRef> Evaluator::pinned_by(Facts const& facts) const {
    auto const nearest = static_cast<std::uint32_t>(policy_.layers.size());
    for (auto const& held : locks_) {
        auto const& layer = policy_.layers[held.layer];
        if (layer.level >= Level::application || layer.locks[held.index].is_waivable)
            continue;
        Matches const any{{OpinionRef{nearest, OpinionRef::Kind::waiver, 0}, true}};
        auto const floor = floor_of(held, facts, any);
        if (floor && floor->effect == Effect::block)
            return OpinionRef{held.layer, OpinionRef::Kind::lock, held.index};
    }
    return std::nullopt;
}

// The exception to tell of: the one that decided, else the nearest that counts, else any.
std::optional<OpinionRef> Evaluator::told_of(Matches const& matches, OpinionRef by) {
    if (by.kind == OpinionRef::Kind::waiver)
        return by;
    auto const active = std::find_if(
        matches.begin(), matches.end(), [](Match const& match) { return match.is_active; });
    if (active != matches.end())
        return active->waiver;
    return matches.empty() ? std::nullopt : std::optional(matches.front().waiver);
}

Decision Evaluator::decide_with(Facts const& facts, Matches const& matches) const {
    auto const by_id = policy_.is_devtron ? decide_in(facts, matches, Pass::ids_only)
                                          : Passed{std::nullopt, false};
    auto decision = by_id.decision;
    if (!by_id.is_settled) {
        auto const rest = policy_.is_devtron ? Pass::but_ids : Pass::everything;
        auto const otherwise = decide_in(facts, matches, rest).decision;
        CLAIRGATE_ASSERT(otherwise.has_value()); // the built-in layer has every severity
        if (!decision || otherwise->effect > decision->effect)
            decision = otherwise;
    }
    CLAIRGATE_ASSERT(decision.has_value());
    auto out = *decision;
    apply_locks(facts, matches, out);
    out.is_waived = out.by.kind == OpinionRef::Kind::waiver && !out.lock;
    out.waiver = told_of(matches, out.by);
    if (out.effect == Effect::block)
        out.pinned_by = pinned_by(facts);
    return out;
}

Decision Evaluator::decide(Facts const& facts) const {
    return decide_with(facts, matches_for(facts));
}

Verdict Evaluator::judge(finding::ScanReport const& scan, Question const& question) const {
    CLAIRGATE_ASSERT(!scan.platforms.empty());
    Verdict verdict(Effect::allow);
    WaiverLedger ledger(policy_, question.now);
    BudgetCount budget(policy_);
    verdict.decisions_.reserve(scan.findings.size());
    auto const digests = digests_of(scan, question);
    for (auto const& finding : scan.findings) {
        auto const of_platform = digests.find(finding.platform);
        Facts const facts{finding,
                          question.repository,
                          policy_.context.environment,
                          question.now,
                          of_platform == digests.end() ? std::span<std::string const>()
                                                       : of_platform->second};
        auto const matches = matches_for(facts);
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
