#pragma once

#include <clairgate/policy/policy.hpp>
#include <clairgate/policy/vex.hpp>

#include <string>
#include <vector>

namespace clairgate::policy {

/// A VEX document and its place in reports.
struct VexSource {
    std::string file;
    VexDocument document;
};

/// Adds the statements that suppress (`not_affected`, `fixed`) to the policy's nearest level as
/// exceptions, each for the images and packages that it is about. All documents are read together:
/// a later statement of any of them takes an earlier one back.
void add_vex_waivers(Policy& policy, std::vector<VexSource> const& sources);

} // namespace clairgate::policy
