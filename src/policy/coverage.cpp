#include <clairgate/base/text.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>
#include <array>

namespace clairgate::policy {

namespace {

// How far ahead of us a peer's clock may be before its dates say nothing.
constexpr auto clock_skew_max = std::chrono::minutes(5);

std::string name_of(finding::EcosystemCoverage const& ecosystem) {
    return ecosystem.distribution.empty() ? ecosystem.ecosystem : ecosystem.distribution;
}

std::string counted(std::size_t packages) {
    return cat(packages, packages == 1 ? " package" : " packages");
}

// Why the age of this ecosystem's data is not good enough; "" when it is, or is not asked for.
std::string age_shortcoming(Policy const& policy,
                            finding::Scanner const& scanner,
                            finding::EcosystemCoverage const& ecosystem,
                            SystemTime now) {
    if (!policy.scan.max_data_age)
        return {};
    auto const name = name_of(ecosystem);
    auto const date = scanner.data_date ? scanner.data_date : ecosystem.newest_data;
    if (!date)
        return cat("the age of the data for ", name, " is not known");
    if (*date > now + clock_skew_max)
        return cat("the data for ", name, " is dated in the future (", to_rfc3339(*date), ")");
    auto const age = std::chrono::duration_cast<Duration>(now - *date);
    if (age <= policy.scan.max_data_age->value)
        return {};
    return cat("the data for ",
               name,
               " is ",
               clairgate::to_string(age),
               " old, more than ",
               clairgate::to_string(policy.scan.max_data_age->value));
}

// Why what is known of one ecosystem is not enough, but for its age; "" when it is.
std::string shortcoming(finding::Scanner const& scanner,
                        finding::EcosystemCoverage const& ecosystem) {
    if (!ecosystem.is_supported && ecosystem.ecosystem == "unknown")
        return cat(counted(ecosystem.packages), " of no distribution that Clair knows");
    if (!ecosystem.is_supported)
        return cat(name_of(ecosystem), " is not supported by Clair");
    if (scanner.has_updater_facts && ecosystem.updaters.empty())
        return cat("no updater has data for ", name_of(ecosystem));
    return {};
}

struct Knowledge {
    CoverageState state;
    std::vector<std::string> reasons;
    std::size_t stale = 0; ///< reasons that are about the age of data alone
};

// Design section 7, before any setting but the age of data has a say.
Knowledge knowledge_of(Policy const& policy,
                       finding::Scanner const& scanner,
                       finding::PlatformScan const& platform,
                       SystemTime now) {
    if (platform.packages == 0 || platform.ecosystems.empty())
        return {CoverageState::uncovered,
                {"no package was found: Clair cannot tell what is in the image"},
                0};
    Knowledge known{CoverageState::covered, {}, 0};
    std::size_t accounted = 0;
    for (auto const& ecosystem : platform.ecosystems) {
        accounted += ecosystem.packages;
        auto reason = shortcoming(scanner, ecosystem);
        if (reason.empty()) {
            reason = age_shortcoming(policy, scanner, ecosystem, now);
            known.stale += reason.empty() ? 0U : 1U;
        }
        if (!reason.empty())
            known.reasons.push_back(std::move(reason));
    }
    if (known.reasons.size() == platform.ecosystems.size())
        known.state = CoverageState::uncovered;
    else if (!known.reasons.empty())
        known.state = CoverageState::partly;
    if (accounted < platform.packages) {
        known.reasons.push_back(cat(counted(platform.packages - accounted), " of no ecosystem"));
        known.state = std::max(known.state, CoverageState::partly);
    }
    if (!scanner.has_updater_facts) {
        known.reasons.emplace_back("nothing is known of the updaters and the age of their data");
        known.state = std::max(known.state, CoverageState::partly);
    }
    return known;
}

// `on_error.stale` of the global file decides about data that is only too old; of a nearer level,
// or beside another shortcoming, it only tightens.
Setting<Action> const& setting_for(Policy const& policy, Knowledge const& known) {
    auto const& by_state = known.state == CoverageState::uncovered ? policy.scan.uncovered
                                                                   : policy.scan.partly_covered;
    auto const stale = policy.scan.on_error.find("stale");
    if (known.stale == 0 || stale == policy.scan.on_error.end())
        return by_state;
    bool const decides =
        known.stale == known.reasons.size() && stale->second.origin.level <= Level::global;
    return decides || stale->second.value > by_state.value ? stale->second : by_state;
}

} // namespace

std::string_view to_string(CoverageState state) {
    static constexpr std::array<std::string_view, 3> words{"covered", "partly", "uncovered"};
    return words.at(static_cast<std::size_t>(state));
}

CoverageDecision judge_coverage(Policy const& policy,
                                finding::Scanner const& scanner,
                                finding::PlatformScan const& platform,
                                SystemTime now) {
    auto known = knowledge_of(policy, scanner, platform, now);
    if (known.state == CoverageState::covered)
        return {platform.platform,
                known.state,
                {},
                {Effect::allow, Origin{Level::built_in, "", 0, 0, "scan.covered"}, "covered"},
                false};
    auto const& setting = setting_for(policy, known);
    auto sentence =
        cat(join(known.reasons, "; "), ": ", setting.origin.rule, " is ", to_string(setting.value));
    bool const is_stale = known.stale > 0 && known.stale == known.reasons.size();
    return {platform.platform,
            known.state,
            std::move(known.reasons),
            {effect_of(setting.value, true), setting.origin, std::move(sentence)},
            is_stale};
}

} // namespace clairgate::policy
