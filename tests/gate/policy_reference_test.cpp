#include <clairgate/base/text.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/schema.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace clairgate::gate {
namespace {

using nlohmann::json;

// "`block` or `warn`", "days", "string or list".
std::string value_of(json const& shape) {
    if (shape.contains("enum")) {
        std::string out;
        for (auto const& word : shape["enum"])
            out += cat(out.empty() ? "`" : ", `", word.get<std::string>(), "`");
        return out;
    }
    if (shape.contains("anyOf")) {
        std::string out;
        for (auto const& one : shape["anyOf"])
            out += cat(out.empty() ? "" : " or ", value_of(one));
        return out;
    }
    auto const type = shape.value("type", "anything");
    if (type == "array")
        return "a list of them";
    if (type == "object")
        return "a table";
    if (type == "boolean")
        return "true, false";
    return type == "string" ? shape.value("format", "string") : type;
}

std::string row(std::string const& key, json const& shape) {
    std::string example;
    if (shape.contains("examples"))
        example = cat("; such as `", shape["examples"].front().dump(), "`");
    return cat("| `",
               key,
               "` | ",
               value_of(shape),
               example,
               " | ",
               shape.value("description", ""),
               " |\n");
}

std::string rows(std::string const& prefix, json const& table) {
    std::string out;
    for (auto const& [key, shape] : table["properties"].items()) {
        bool const is_other_spelling = key.find('_') != std::string::npos && prefix == "when.";
        if (is_other_spelling)
            continue;
        if (key == "when")
            out += cat(row(prefix + key, shape), rows("when.", shape));
        else
            out += row(prefix + key, shape);
    }
    return out;
}

std::string reference() {
    auto const schema = json::parse(policy::file_schema());
    std::string out = "| key | value | what it says |\n|---|---|---|\n";
    for (auto const& [name, section] : schema["properties"].items()) {
        auto const type = section.value("type", "");
        bool const is_list = type == "array";
        auto const& table = is_list ? section["items"] : section;
        bool const is_by_severity = name == "severity" || name == "budget";
        if (is_by_severity)
            out += row(name + ".SEVERITY", table["properties"]["critical"]);
        else if (table.contains("properties"))
            out += rows(is_list ? cat("[[", name, "]] ") : name + ".", table);
        else
            out += row(name, section);
    }
    return out;
}

std::string const path = std::string(CLAIRGATE_SOURCE_DIR) + "/README.md";

std::string readme_text() {
    std::ostringstream read;
    read << std::ifstream(path).rdbuf();
    return read.str();
}

TEST(PolicyReference, ExamplesOfTheReadmeArePolicyFiles) {
    auto const readme = readme_text();
    std::size_t examples = 0;
    for (auto at = readme.find("```toml\n"); at != std::string::npos;
         at = readme.find("```toml\n", at)) {
        at += 8;
        auto bytes = readme.substr(at, readme.find("```", at) - at);
        if (!bytes.starts_with("schema = 1"))
            bytes = "schema = 1\n" + bytes;
        std::string file = "global.toml";
        for (auto const* const other : {"application/shop.toml", "environment/production.toml"})
            if (bytes.find(other) != std::string::npos)
                file = other;
        auto const layer = policy::parse_layer({file, bytes, "README"});
        EXPECT_TRUE(layer.has_value()) << bytes << layer.error().text();
        ++examples;
    }
    EXPECT_GE(examples, 5U);
}

TEST(PolicyReference, StandsInTheReadme) {
    constexpr std::string_view begin = "<!-- policy keys -->\n";
    constexpr std::string_view end = "<!-- end of policy keys -->";
    auto readme = readme_text();
    auto const from = readme.find(begin);
    auto const to = readme.find(end);
    ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to);
    auto const start = from + begin.size();
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
        std::ofstream(path) << readme.replace(start, to - start, reference());
    else
        EXPECT_EQ(readme.substr(start, to - start), reference());
}

} // namespace
} // namespace clairgate::gate
