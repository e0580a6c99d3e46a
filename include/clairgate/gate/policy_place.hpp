#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace clairgate::gate {

/// A policy folder as its clone names it.
struct PolicyPlace {
    std::filesystem::path clone; ///< the working tree's root
    std::string folder;          ///< "/"-relative to it; "" is the root itself
};

/// The clone that a folder lies in by its name: the one of the working directory where it is below
/// that, else the nearest one upwards. Links below the root are not followed, and the folder need
/// not exist: what a change did to its working tree must not choose which folder of the base commit
/// is read. Nothing outside of a clone.
std::optional<PolicyPlace> policy_place(std::filesystem::path const& folder);

} // namespace clairgate::gate
