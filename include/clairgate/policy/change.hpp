#pragma once

#include <clairgate/policy/load.hpp>

#include <string>
#include <vector>

namespace clairgate::policy {

/// What a change would make of policy files, one line each, exceptions that it adds first:
/// "new in this change: allow CVE-… (application/shop.toml:12:1), pending", "this change alters
/// global.toml". Empty where nothing differs.
std::vector<std::string> differences(std::vector<SourceFile> const& base,
                                     std::vector<SourceFile> const& proposed);

/// The exceptions that `proposed` adds to the application files of the policy's context. Where the
/// policy says `[exceptions] from_change = true` they count, and the policy is trusted no longer;
/// else they are kept in `Policy::pending`. Kind policy: a proposed application file is malformed
/// where it would count.
Result<void> add_changed_exceptions(Policy& policy, std::vector<SourceFile> const& proposed);

/// The policy as it would be with its pending exceptions.
Policy with_pending(Policy policy);

} // namespace clairgate::policy
