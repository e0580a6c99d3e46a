#include "policy/naive.hpp"

#include <clairgate/base/text.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::naive {

namespace {

using namespace policy;

// Greater outranks: whether it names the vulnerability (in Devtron's order), how near, what kind.
using Rank = std::tuple<bool, Level, int>;
enum Kind { of_severity, of_rule, of_exception };

struct Opinion {
    Rank rank;
    Effect effect;
    bool speaks_for_its_level = true;
};

// One way in which the unknown conditions may turn out: which rule matches, by layer and rule.
using World = std::vector<std::vector<bool>>;

bool is_named(Waiver const& waiver, finding::Finding const& finding) {
    bool found = waiver.ids.empty();
    for (auto const& id : waiver.ids) {
        found = found || to_lower(id) == to_lower(finding.id);
        for (auto const& name : finding.aliases)
            found = found || to_lower(id) == to_lower(name);
    }
    return found;
}

// The strictest of what the nearest level up to this one says and what is locked.
std::optional<std::uint32_t> days_max(Policy const& policy, Level up_to) {
    std::optional<std::uint32_t> nearest;
    std::optional<std::uint32_t> locked;
    for (auto const& layer : policy.layers) {
        if (layer.level > up_to || !layer.exceptions.max_days)
            continue;
        nearest = layer.exceptions.max_days->value;
        for (auto const& lock : layer.locks)
            if (lock.kind == Lock::Kind::exceptions && lock.name == "max_days")
                locked = std::min(locked.value_or(*nearest), *nearest);
    }
    return locked ? std::min(*locked, *nearest) : nearest;
}

bool is_active(Policy const& policy, Waiver const& waiver, Facts const& facts) {
    if (!is_named(waiver, facts.finding))
        return false;
    for (auto const& condition : waiver.scope)
        if (condition.test(facts) != Truth::yes)
            return false;
    if (waiver.ends_with_fix && !facts.finding.fixed_version.empty())
        return false;
    if (facts.now >= waiver.ends || (waiver.break_glass && facts.now < waiver.break_glass->issued))
        return false;
    for (auto const level : {waiver.origin.level, Level::application_environment}) {
        auto const days = days_max(policy, level);
        if (days && facts.now + std::chrono::days(*days + 1) < waiver.ends)
            return false;
    }
    return true;
}

Effect effect_on(Action action, finding::Finding const& finding) {
    if (action == Action::block_if_fixed)
        return finding.fixed_version.empty() ? Effect::warn : Effect::block;
    return action == Action::block  ? Effect::block
           : action == Action::warn ? Effect::warn
                                    : Effect::allow;
}

std::vector<World> worlds_of(Policy const& policy, Facts const& facts) {
    std::vector<World> worlds(1);
    for (std::size_t i = 0; i < policy.layers.size(); ++i) {
        for (auto& world : worlds)
            world.emplace_back();
        for (auto const& rule : policy.layers[i].rules) {
            for (auto& world : worlds)
                world[i].push_back(true);
            for (auto const& condition : rule.when) {
                auto const truth = condition.test(facts);
                if (truth == Truth::yes)
                    continue;
                auto const as_yes = truth == Truth::unknown ? worlds : std::vector<World>();
                for (auto& world : worlds)
                    world[i].back() = false;
                worlds.insert(worlds.end(), as_yes.begin(), as_yes.end());
            }
        }
    }
    return worlds;
}

Rank rank_of(Policy const& policy, Layer const& layer, Rule const& rule) {
    return {policy.is_devtron && rule.names_ids(), layer.level, of_rule};
}

// What is said in every world: exceptions and severities.
std::vector<Opinion> certain_opinions(Policy const& policy, Facts const& facts) {
    std::vector<Opinion> out;
    for (auto const& layer : policy.layers) {
        for (auto const& waiver : layer.waivers)
            if (is_active(policy, waiver, facts))
                out.push_back({{policy.is_devtron, layer.level, of_exception},
                               Effect::allow,
                               !waiver.break_glass && !waiver.is_vex});
        auto const stated = layer.severity.find(facts.finding.severity);
        if (stated != layer.severity.end())
            out.push_back({{false, layer.level, of_severity},
                           effect_on(stated->second.value, facts.finding)});
    }
    return out;
}

// What a lock holds a finding at: the opinion it names, where its own level says nothing that
// outranks it and no exception may lift it.
Effect floor_of(Policy const& policy,
                std::size_t number,
                Lock const& lock,
                Facts const& facts,
                World const& world,
                std::vector<Opinion> const& all) {
    auto const& layer = policy.layers[number];
    Opinion held{{false, layer.level, of_severity}, Effect::allow};
    if (lock.kind == Lock::Kind::rule) {
        for (std::size_t i = 0; i < layer.rules.size(); ++i)
            if (layer.rules[i].name == lock.name && world[number][i])
                held = {rank_of(policy, layer, layer.rules[i]),
                        effect_on(layer.rules[i].action, facts.finding)};
    } else if (lock.kind == Lock::Kind::severity) {
        if (finding::to_string(facts.finding.severity) == lock.name)
            held.effect = effect_on(layer.severity.at(facts.finding.severity).value, facts.finding);
    }
    for (auto const& one : all) {
        auto const level = std::get<Level>(one.rank);
        bool const is_exception = std::get<int>(one.rank) == of_exception;
        if (level == layer.level && one.rank > held.rank && one.speaks_for_its_level)
            return Effect::allow;
        if (lock.is_waivable && is_exception && level >= layer.level)
            return Effect::allow;
    }
    return held.effect;
}

Answer
answer_in(Policy const& policy, Facts const& facts, World const& world, std::vector<Opinion> all) {
    for (std::size_t i = 0; i < policy.layers.size(); ++i)
        for (std::size_t j = 0; j < world[i].size(); ++j)
            if (auto const& rule = policy.layers[i].rules[j]; world[i][j])
                all.push_back({rank_of(policy, policy.layers[i], rule),
                               effect_on(rule.action, facts.finding)});
    auto highest = all.front().rank;
    for (auto const& one : all)
        highest = std::max(highest, one.rank);
    Answer answer{Effect::allow, std::get<int>(highest) == of_exception};
    for (auto const& one : all)
        if (one.rank == highest)
            answer.effect = std::max(answer.effect, one.effect);
    for (std::size_t i = 0; i < policy.layers.size(); ++i)
        for (auto const& lock : policy.layers[i].locks)
            answer.effect = std::max(answer.effect, floor_of(policy, i, lock, facts, world, all));
    answer.is_waived = answer.is_waived && answer.effect == Effect::allow;
    return answer;
}

} // namespace

Answer decide(Policy const& policy, Facts const& facts) {
    Answer strictest{Effect::allow, true};
    auto const certain = certain_opinions(policy, facts);
    for (auto const& world : worlds_of(policy, facts)) {
        auto const answer = answer_in(policy, facts, world, certain);
        strictest.effect = std::max(strictest.effect, answer.effect);
        strictest.is_waived = strictest.is_waived && answer.is_waived;
    }
    return strictest;
}

Effect judge(Policy const& policy, std::vector<Facts> const& all) {
    auto effect = Effect::allow;
    std::map<finding::Severity, std::uint64_t> unwaived;
    for (auto const& facts : all) {
        auto const answer = decide(policy, facts);
        effect = std::max(effect, answer.effect);
        unwaived[facts.finding.severity] += answer.is_waived ? 0 : 1;
    }
    for (auto const& layer : policy.layers)
        for (auto const& [severity, allowed] : layer.budget)
            if (unwaived[severity] > allowed.value)
                effect = Effect::block;
    return effect;
}

} // namespace clairgate::naive
