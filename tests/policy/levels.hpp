#pragma once

#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>

#include <string>
#include <vector>

/// Policies by the texts of their levels, and decisions as one line.
namespace clairgate::sample {

/// Of shop at prod on eu, outermost level first; "" has no opinion.
inline policy::Policy levels(std::vector<std::string> const& texts) {
    static constexpr char const* paths[] = {"global.toml",
                                            "cluster/eu.toml",
                                            "environment/prod.toml",
                                            "application/shop.toml",
                                            "application/shop@prod.toml"};
    std::vector<policy::SourceFile> files;
    for (std::size_t i = 0; i < std::size(paths); ++i)
        files.push_back({paths[i], "schema = 1\n" + (i < texts.size() ? texts[i] : "")});
    files[2].bytes.insert(0, "cluster = \"eu\"\n");
    return policy::load(files, {"", "prod", "shop"}).value();
}

inline std::string name_of(policy::Policy const& policy, policy::OpinionRef opinion) {
    auto const& origin = policy::origin_of(policy, opinion);
    return cat(policy::to_string(origin.level), " ", origin.rule);
}

/// "block by application severity.high, held by global lock severity.high, assumed".
inline std::string told(policy::Policy const& policy, finding::Finding const& finding) {
    auto const verdict = judge(policy, scan({finding}));
    auto const& decision = verdict.decisions().front();
    return cat(policy::to_string(decision.effect),
               decision.is_waived ? ", waived" : "",
               " by ",
               name_of(policy, decision.by),
               decision.lock ? ", held by " + name_of(policy, *decision.lock) : "",
               decision.is_assumed ? ", assumed" : "");
}

inline std::string severity(std::string const& action) {
    return "[severity]\ncritical = \"" + action + "\"\n";
}

inline std::string
rule(std::string const& name, std::string const& when, std::string const& action) {
    return cat(
        "[[rule]]\nname = \"", name, "\"\nwhen = { ", when, " }\naction = \"", action, "\"\n");
}

inline std::string allow(std::string const& more = {}, std::string const& id = "CVE-2024-0001") {
    return cat("[[allow]]\nid = \"",
               id,
               "\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n",
               more);
}

inline std::string break_glass() {
    return "[[allow]]\nbreak_glass = true\nticket = \"T\"\nreason = \"r\"\nowner = \"o\"\n"
           "issued = 2026-11-24T10:00:00Z\nexpires = 2026-11-25T10:00:00Z\n";
}

inline std::string lock(std::string const& key, bool is_waivable = false) {
    return cat("[[lock]]\nkey = \"", key, "\"\n", is_waivable ? "waivable = true\n" : "");
}

} // namespace clairgate::sample
