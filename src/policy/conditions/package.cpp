#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// The package's own name, or that of the source package it was built from.
Result<Condition> parse_package(ConditionValue const& value) {
    auto const words = TRY(words_in("package", value));
    auto globs = TRY(globs_of("package", words));
    auto text = cat("package ", either(words));
    return Condition{"package", std::move(text), [globs = std::move(globs)](Facts const& facts) {
                         auto const& package = facts.finding.package;
                         return truth_of(any_matches(globs, package.name) ||
                                         (!package.source_name.empty() &&
                                          any_matches(globs, package.source_name)));
                     }};
}

} // namespace clairgate::policy
