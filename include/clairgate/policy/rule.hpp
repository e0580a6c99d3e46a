#pragma once

#include <clairgate/policy/action.hpp>
#include <clairgate/policy/condition.hpp>
#include <clairgate/policy/glob.hpp>
#include <clairgate/policy/origin.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::policy {

/// `[[rule]]`: all conditions must hold. Of the matching rules of a level the strictest wins.
struct Rule {
    std::string name;
    std::vector<Condition> when;
    Action action = Action::block;
    std::string reason;
    Origin origin;

    /// no when one condition says no, else unknown when one does not know.
    Truth matches(Facts const& facts) const;
    /// Whether it speaks of vulnerabilities by name (Devtron's order puts such rules first).
    bool names_ids() const;
};

/// `[[allow]]`, or a statement of a VEX document: an accountable exception.
struct Waiver {
    std::vector<std::string> ids; ///< upper case; empty only for break-glass: any
    std::vector<Condition> scope; ///< package, purl, image, layer, environment
    std::string reason;
    std::string owner;
    SystemTime ends;            ///< holds before this moment: the end of its last day, UTC
    std::string expires;        ///< as the file says it: "2026-12-31"
    bool ends_with_fix = false; ///< until = "fixable"
    struct BreakGlass {
        std::string ticket;
        SystemTime issued;
    };
    std::optional<BreakGlass> break_glass;
    bool is_vex = false; ///< of a VEX document: has no end of its own
    Origin origin;

    /// Whether its scope holds; an unknown fact is no. Ids are the caller's part.
    bool covers(Facts const& facts) const;
};

/// `[[lock]]`: nearer levels may tighten what the key of this file says, not loosen it.
struct Lock {
    enum class Kind { severity, rule, scan, budget, require, exceptions };
    Kind kind = Kind::severity;
    std::string name; ///< behind the dot: "critical", "known exploited", "on_error"
    bool is_waivable = false;
    Origin origin; ///< rule: "lock severity.critical"
};

/// `[[require]]`: which images must be scanned at all.
struct Requirement {
    enum class Scan { off, recommended, required };
    std::string name;
    std::optional<Glob> image; ///< nothing: all
    Scan scan = Scan::required;
    Origin origin;
};
std::string_view to_string(Requirement::Scan scan);

} // namespace clairgate::policy
