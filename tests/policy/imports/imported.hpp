#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/policy/import.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/source_text.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace clairgate::policy::test {

inline ImportOptions options() {
    return {"team-a", "accepted", "2030-12-31", std::nullopt, std::nullopt};
}

inline ImportOptions as(std::string format) {
    auto out = options();
    out.format = std::move(format);
    return out;
}

/// Whatever was imported must be TOML, free of what the loader refuses, and a policy with all its
/// entries.
inline void check(Imported const& imported) {
    std::size_t entries = 0;
    for (auto const& file : imported.files) {
        auto const path = file.path.empty() ? std::string("global.toml") : file.path;
        auto const parsed = toml::parse(file.toml, std::string_view(path));
        ASSERT_TRUE(bool(parsed)) << parsed.error().description() << "\n" << file.toml;
        auto const mistakes = mistakes_of_text({path, file.toml});
        ASSERT_TRUE(mistakes.empty()) << mistakes.front().text() << "\n" << file.toml;
        auto const layer = parse_layer({path, file.toml});
        ASSERT_TRUE(layer.has_value()) << layer.error().text() << "\n" << file.toml;
        entries += layer->waivers.size() + layer->rules.size() + layer->severity.size();
    }
    EXPECT_EQ(imported.entries, entries);
}

/// The TOML of the one file behind its first two lines (where it is from, and the schema), then
/// "- ENTRY: WHY" for what is left; or "KIND: MESSAGE".
inline std::string
import(std::string_view file_name, std::string_view text, ImportOptions const& given = options()) {
    auto const imported = import_policy(file_name, text, given);
    if (!imported.has_value())
        return cat(to_string(imported.error().kind()), ": ", imported.error().text());
    check(*imported);
    std::string out;
    for (auto const& file : imported->files) {
        std::string_view toml = file.toml;
        constexpr std::string_view head = "schema = 1\n";
        toml.remove_prefix(toml.find(head) + head.size());
        out += cat(file.path.empty() ? "" : cat("== ", file.path, "\n"), toml);
    }
    for (auto const& left : imported->left)
        out += cat("- ", left.entry, ": ", left.why, "\n");
    return out;
}

/// The lines of one [[allow]] with what `options` says.
inline std::string allow(std::string_view id,
                         std::string_view scope = "",
                         std::string_view reason = "accepted",
                         std::string_view expires = "2030-12-31",
                         std::string_view comment = "") {
    return cat("\n",
               comment.empty() ? "" : cat("# ", comment, "\n"),
               "[[allow]]\nid = [\"",
               id,
               "\"]\n",
               scope.empty() ? "" : cat(scope, "\n"),
               "reason = \"",
               reason,
               "\"\nowner = \"team-a\"\nexpires = ",
               expires,
               "\n");
}

} // namespace clairgate::policy::test
