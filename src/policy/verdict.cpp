#include <clairgate/base/text.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>
#include <array>

namespace clairgate::policy {

namespace {

Effect effect_of(Action action, bool has_fix) {
    switch (action) {
    case Action::allow:
        return Effect::allow;
    case Action::warn:
        return Effect::warn;
    case Action::block_if_fixed:
        return has_fix ? Effect::block : Effect::warn;
    case Action::block:
        return Effect::block;
    }
    return Effect::block; // an action from outside the enumeration allows nothing
}

Decision decide(Policy const& policy, finding::Finding const& finding) {
    auto const& setting = policy.severity.at(finding.severity);
    bool const has_fix = !finding.fixed_version.empty();
    auto const word = finding::to_string(finding.severity);
    auto sentence = cat(word,
                        has_fix ? cat(", fixed in ", finding.fixed_version) : ", no fix known",
                        ": ",
                        setting.origin.rule,
                        " is ",
                        to_string(setting.value));
    if (finding.severity_source == "cvss" && !finding.cvss.empty())
        sentence += " (severity by CVSS, the vendor gives none)";
    auto remedy = has_fix ? cat("upgrade ", finding.package.name, " to ", finding.fixed_version)
                          : std::string();
    return {
        effect_of(setting.value, has_fix), setting.origin, std::move(sentence), std::move(remedy)};
}

// Why what is known of one ecosystem is not enough; "" when it is.
std::string shortcoming(Policy const& policy,
                        finding::Scanner const& scanner,
                        finding::EcosystemCoverage const& ecosystem,
                        SystemTime now) {
    auto const name = ecosystem.distribution.empty() ? ecosystem.ecosystem : ecosystem.distribution;
    if (!ecosystem.is_supported)
        return cat(name, " is not supported by Clair");
    if (!scanner.has_updater_facts)
        return {};
    if (ecosystem.updaters.empty())
        return cat("no updater has data for ", name);
    if (!policy.scan.max_data_age)
        return {};
    auto const date = scanner.data_date ? scanner.data_date : ecosystem.newest_data;
    if (!date)
        return cat("the age of the data for ", name, " is not known");
    auto const age = std::chrono::duration_cast<Duration>(now - *date);
    if (age > policy.scan.max_data_age->value)
        return cat("the data for ",
                   name,
                   " is ",
                   clairgate::to_string(age),
                   " old, more than ",
                   clairgate::to_string(policy.scan.max_data_age->value));
    return {};
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
    std::vector<std::string> reasons;
    for (auto const& ecosystem : platform.ecosystems)
        if (auto reason = shortcoming(policy, scanner, ecosystem, now); !reason.empty())
            reasons.push_back(std::move(reason));
    auto state = CoverageState::covered;
    if (platform.packages == 0 || platform.ecosystems.empty()) {
        state = CoverageState::uncovered;
        reasons.assign(1, "no package was found: Clair cannot tell what is in the image");
    } else if (reasons.size() == platform.ecosystems.size()) {
        state = CoverageState::uncovered;
    } else if (!reasons.empty()) {
        state = CoverageState::partly;
    }
    if (!scanner.has_updater_facts) {
        reasons.emplace_back("nothing is known of the updaters and the age of their data");
        state = std::max(state, CoverageState::partly);
    }
    if (state == CoverageState::covered)
        return {platform.platform,
                state,
                {},
                {Effect::allow, Origin{Level::built_in, "", 0, 0, "scan.covered"}, "covered", ""}};
    auto const& setting =
        state == CoverageState::uncovered ? policy.scan.uncovered : policy.scan.partly_covered;
    auto sentence =
        cat(join(reasons, "; "), ": ", setting.origin.rule, " is ", to_string(setting.value));
    return {platform.platform,
            state,
            std::move(reasons),
            {effect_of(setting.value, true), setting.origin, std::move(sentence), ""}};
}

Verdict evaluate(Policy const& policy, finding::ScanReport const& scan, SystemTime now) {
    CLAIRGATE_ASSERT(!scan.platforms.empty());
    auto effect = Effect::allow;
    std::vector<Decision> decisions;
    decisions.reserve(scan.findings.size());
    for (auto const& finding : scan.findings) {
        decisions.push_back(decide(policy, finding));
        effect = std::max(effect, decisions.back().effect);
    }
    std::vector<CoverageDecision> coverage;
    for (auto const& platform : scan.platforms) {
        coverage.push_back(judge_coverage(policy, scan.scanner, platform, now));
        effect = std::max(effect, coverage.back().decision.effect);
    }
    return {effect, std::move(decisions), std::move(coverage)};
}

} // namespace clairgate::policy
