#include <clairgate/base/text.hpp>
#include <clairgate/report/exception_words.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

namespace clairgate::report {

namespace {

using Status = policy::VexStatement::Status;
using Place = std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::string_view>;

Place key_of(policy::Origin const& origin) {
    return {origin.file, origin.line, origin.column, origin.rule};
}

// Takes `prefix` off `text`, if it is there.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

// OpenVEX 0.2.0 "Status Justifications", CycloneDX 1.6 `impactAnalysisJustification`. Where one
// vocabulary is finer, only the direction that keeps the meaning is there.
struct Labels {
    std::string_view openvex;
    std::string_view cyclonedx;
};
constexpr Labels same[] = {
    {"component_not_present", "code_not_present"},
    {"vulnerable_code_not_present", "code_not_present"},
    {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
    {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
};
constexpr std::string_view openvex_only[] = {"vulnerable_code_cannot_be_controlled_by_adversary"};
constexpr std::string_view cyclonedx_only[] = {"requires_configuration",
                                               "requires_dependency",
                                               "requires_environment",
                                               "protected_by_compiler",
                                               "protected_at_runtime",
                                               "protected_at_perimeter"};

} // namespace

Waivings::Waivings(Account const& account) {
    if (account.exceptions.empty())
        return;
    std::map<Place, ExceptionUse const*> uses;
    for (auto const& use : account.exceptions)
        uses.try_emplace(key_of(use.origin), &use);
    for (auto const& rule : account.rules) {
        auto const found = uses.find(key_of(rule.origin));
        by_rule_.push_back(found == uses.end() ? nullptr : found->second);
    }
}

ExceptionUse const* Waivings::of(Decided const& decided) const {
    return decided.is_waived && decided.rule < by_rule_.size() ? by_rule_[decided.rule] : nullptr;
}

std::optional<VexClaim> vex_claim(ExceptionUse const& use) {
    if (!use.origin.rule.starts_with("vex "))
        return std::nullopt;
    // The reason that policy writes: STATUS[, JUSTIFICATION][: WORDS].
    VexClaim claim{Status::not_affected, {}, {}};
    std::string_view rest = use.reason;
    if (take(rest, policy::to_string(Status::fixed)))
        claim.status = Status::fixed;
    else if (!take(rest, policy::to_string(Status::not_affected)))
        return std::nullopt;
    if (take(rest, ", ")) {
        claim.justification = rest.substr(0, rest.find(':'));
        rest.remove_prefix(claim.justification.size());
    }
    if (take(rest, ": "))
        claim.words = rest;
    else if (!rest.empty())
        return std::nullopt;
    return claim;
}

std::string_view openvex_justification(std::string_view label) {
    if (std::find(std::begin(openvex_only), std::end(openvex_only), label) !=
        std::end(openvex_only))
        return label;
    for (auto const& pair : same) {
        if (pair.openvex == label)
            return label;
        // "code_not_present" says nothing of the component: the weaker of the two labels.
        if (pair.cyclonedx == label && pair.openvex != "component_not_present")
            return pair.openvex;
    }
    return {};
}

std::string_view cyclonedx_justification(std::string_view label) {
    if (std::find(std::begin(cyclonedx_only), std::end(cyclonedx_only), label) !=
        std::end(cyclonedx_only))
        return label;
    for (auto const& pair : same)
        if (pair.openvex == label || pair.cyclonedx == label)
            return pair.cyclonedx;
    return {};
}

std::string place_words(policy::Origin const& origin) {
    return origin.line == 0 && !origin.file.empty() ? origin.file : policy::place_of(origin);
}

std::string exception_sentence(ExceptionUse const& use) {
    auto const is_vex = vex_claim(use).has_value();
    std::string out = is_vex               ? "stated"
                      : use.is_break_glass ? "risk accepted in an emergency"
                                           : "risk accepted";
    if (!use.expires.empty())
        out += cat(" until ", use.expires);
    if (!use.owner.empty())
        out += cat(" by ", use.owner);
    if (!use.reason.empty())
        out += cat(": ", use.reason);
    return out += cat(" (", use.origin.rule, ", ", place_words(use.origin), ")");
}

} // namespace clairgate::report
