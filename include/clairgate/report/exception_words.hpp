#pragma once

#include <clairgate/policy/vex.hpp>
#include <clairgate/report/record.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// Which exception let a finding pass.
class Waivings {
  public:
    /// The account must outlive it.
    explicit Waivings(Account const& account);
    /// nullptr when none did, or when the account does not list it.
    ExceptionUse const* of(Decided const& decided) const;

  private:
    std::vector<ExceptionUse const*> by_rule_; ///< of the account's rules
};

/// What a statement of a VEX document says that became an exception: somebody looked at the code.
/// An `[[allow]]` of a policy file says no such thing: its owner lives with the risk.
struct VexClaim {
    policy::VexStatement::Status status; ///< not_affected or fixed
    std::string_view justification;      ///< the document's own label; "" if none
    std::string_view words;              ///< the author's; "" if none
};
/// Nothing for an exception that is not of a VEX document. Views of the exception's own texts.
std::optional<VexClaim> vex_claim(ExceptionUse const& use);

/// The labels of one vocabulary in the other's; "" where it has none that means the same.
std::string_view openvex_justification(std::string_view label);
std::string_view cyclonedx_justification(std::string_view label);

/// "global.toml:3:1"; a VEX document, whose statements have no line, by its file alone.
std::string place_words(policy::Origin const& origin);

/// Who let it pass, why, until when, and where that is written.
std::string exception_sentence(ExceptionUse const& use);

} // namespace clairgate::report
