#include <clairgate/base/text.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::policy {

namespace {

std::string findings(std::size_t count) {
    return cat(count, count == 1 ? " finding" : " findings");
}

bool names_a_package(Waiver const& waiver) {
    return std::any_of(waiver.scope.begin(), waiver.scope.end(), [](Condition const& one) {
        return one.name == "package" || one.name == "purl";
    });
}

Setting<std::uint32_t> const* days_max_of(Policy const& policy, Waiver const& waiver) {
    auto const& limits = policy.exceptions.max_days_of;
    auto const nearer = limits.upper_bound(waiver.origin.level);
    return nearer == limits.begin() ? nullptr : &std::prev(nearer)->second;
}

} // namespace

WaiverUse::State waiver_state(Policy const& policy, Waiver const& waiver, SystemTime now) {
    using State = WaiverUse::State;
    if (waiver.is_vex)
        return State::active;
    if (now >= waiver.ends)
        return State::expired;
    if (waiver.break_glass && now < waiver.break_glass->issued)
        return State::not_yet;
    auto const* const days_max = days_max_of(policy, waiver);
    // It holds through its last day, so the day after is the first one that is too far.
    if (days_max != nullptr && waiver.ends - now > std::chrono::days(days_max->value + 1))
        return State::refused;
    return State::active;
}

WaiverLedger::WaiverLedger(Policy const& policy, SystemTime now) : policy_(policy), now_(now) {
    for (std::uint32_t number = 0; number < policy.layers.size(); ++number) {
        auto const& waivers = policy.layers[number].waivers;
        first_of_layer_.push_back(entries_.size());
        for (std::uint32_t i = 0; i < waivers.size(); ++i) {
            Entry entry{};
            entry.use.waiver = {number, OpinionRef::Kind::waiver, i};
            entry.use.state = waiver_state(policy, waivers[i], now);
            entries_.push_back(std::move(entry));
        }
    }
}

void WaiverLedger::note(OpinionRef ref, finding::Finding const& finding, Decision const& decision) {
    auto& entry = entry_of(ref);
    ++entry.use.matched;
    auto const& waiver = policy_.layers[entry.use.waiver.layer].waivers[entry.use.waiver.index];
    if (waiver.ends_with_fix && !finding.fixed_version.empty())
        ++entry.fixable;
    if (decision.is_waived && decision.by == ref) {
        ++entry.use.waived;
        if (entry.packages.size() <= packages_per_waiver_max)
            entry.packages.insert(finding.package.name);
    } else {
        entry.stronger = decision.lock ? decision.lock : decision.by;
    }
}

std::string WaiverLedger::sentence_of(Entry const& entry) const {
    using State = WaiverUse::State;
    auto const& use = entry.use;
    auto const& waiver = policy_.layers[use.waiver.layer].waivers[use.waiver.index];
    auto const about = cat(waiver.origin.rule, " (", place_of(waiver.origin), ")");
    if (use.state == State::expired)
        return cat(
            about, " expired on ", waiver.expires, "; ", findings(use.matched), " it speaks of");
    if (use.state == State::not_yet)
        return cat(about, " begins at ", to_rfc3339(waiver.break_glass->issued));
    if (use.state == State::refused)
        return cat(about,
                   " ends on ",
                   waiver.expires,
                   ", longer than exceptions.max_days (",
                   place_of(days_max_of(policy_, waiver)->origin),
                   ") allows: it does not count");
    if (waiver.break_glass)
        return cat(about,
                   " is BREAK-GLASS until ",
                   waiver.expires,
                   ", ticket ",
                   waiver.break_glass->ticket,
                   ": ",
                   findings(use.waived),
                   " let through");
    if (use.matched == 0)
        return cat(about, " matches nothing in this image");
    if (entry.fixable > 0 && entry.fixable == use.matched)
        return cat(about, " has ended, since a fix is known: ", findings(entry.fixable));
    if (use.is_shadowed)
        return cat(about,
                   " has no effect: ",
                   origin_of(policy_, *entry.stronger).rule,
                   " (",
                   place_of(origin_of(policy_, *entry.stronger)),
                   ") decides");
    if (use.is_over_broad)
        return cat(about,
                   " lifts findings of more than ",
                   packages_per_waiver_max,
                   " packages: name the package it is meant for");
    if (use.expires_soon)
        return cat(
            about, " ends on ", waiver.expires, ": ", findings(use.waived), " then without it");
    return {};
}

std::vector<WaiverUse> WaiverLedger::uses() && {
    std::vector<WaiverUse> out;
    out.reserve(entries_.size());
    for (auto& entry : entries_) {
        auto& use = entry.use;
        auto const& waiver = policy_.layers[use.waiver.layer].waivers[use.waiver.index];
        bool const is_active = use.state == WaiverUse::State::active;
        use.expires_soon = is_active && !waiver.is_vex &&
                           waiver.ends - now_ <= std::chrono::days(expires_soon_days);
        use.is_shadowed = is_active && use.matched > entry.fixable && use.waived == 0;
        use.is_over_broad = is_active && !names_a_package(waiver) &&
                            entry.packages.size() > packages_per_waiver_max;
        use.sentence = sentence_of(entry);
        out.push_back(std::move(use));
    }
    return out;
}

} // namespace clairgate::policy
