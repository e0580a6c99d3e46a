#include "policy/mistakes.hpp"
#include <clairgate/policy/condition.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/schema.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>
#include <sstream>

namespace clairgate::policy {
namespace {

using nlohmann::json;

json schema() {
    return json::parse(file_schema());
}

bool has_type(std::string const& type, json const& value) {
    return type == "integer" ? value.is_number_integer() : type == value.type_name();
}

bool fits(json const& schema, json const& value);

bool fits_table(json const& schema, json const& value) {
    for (auto const& name : schema.value("required", json::array()))
        if (!value.contains(name.get<std::string>()))
            return false;
    auto const properties = schema.value("properties", json::object());
    for (auto const& [name, member] : value.items()) {
        if (properties.contains(name) ? !fits(properties[name], member)
                                      : !schema.value("additionalProperties", true))
            return false;
    }
    return value.size() >= schema.value("minProperties", 0U);
}

// As much of JSON Schema as ours uses, but for patterns and formats.
bool fits(json const& schema, json const& value) {
    if (schema.contains("type") && !has_type(schema["type"], value))
        return false;
    if (schema.contains("const") && schema["const"] != value)
        return false;
    auto const is_it = [&](json const& one) { return one == value; };
    auto const fits_it = [&](json const& one) { return fits(one, value); };
    if (auto const words = schema.value("enum", json::array());
        !words.empty() && std::none_of(words.begin(), words.end(), is_it))
        return false;
    if (auto const any = schema.value("anyOf", json::array());
        !any.empty() && std::none_of(any.begin(), any.end(), fits_it))
        return false;
    if (value.is_object() && !fits_table(schema, value))
        return false;
    if (value.is_array() && schema.contains("items") &&
        !std::all_of(value.begin(), value.end(), [&](json const& item) {
            return fits(schema["items"], item);
        }))
        return false;
    if (value.is_string() && value.get<std::string>().size() < schema.value("minLength", 0U))
        return false;
    if (value.is_number_integer() && (value < schema.value("minimum", json(INT64_MIN)) ||
                                      value > schema.value("maximum", json(INT64_MAX))))
        return false;
    return !schema.contains("if") ||
           fits(schema[fits(schema["if"], value) ? "then" : "else"], value);
}

bool fits_schema(std::string const& text) {
    auto const bytes = "schema = 1\n" + text;
    auto const parsed = toml::parse(bytes);
    EXPECT_TRUE(static_cast<bool>(parsed)) << text;
    if (!parsed)
        return false;
    std::ostringstream out;
    out << toml::json_formatter(parsed.table());
    return fits(schema(), json::parse(out.str()));
}

std::string rule_when(std::string const& condition) {
    return cat("[[rule]]\nname = \"r\"\naction = \"warn\"\nwhen = { ", condition, " }\n");
}

std::string allow(std::string const& more) {
    return cat("[[allow]]\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n", more, "\n");
}

// The table of a section's own keys.
json keys_of(json const& section) {
    return section.value("type", "") == "array" ? section["items"]["properties"]
                                                : section.value("properties", json::object());
}

TEST(Schema, HasTheKeysThatTheReadersHave) {
    auto const top = schema()["properties"];
    std::pair<char const*, std::span<std::string_view const>> const sections[] = {
        {"severity", keys::severities},
        {"budget", keys::severities},
        {"scan", keys::scan},
        {"exceptions", keys::exceptions},
        {"rule", keys::rule},
        {"allow", keys::allow},
        {"lock", keys::lock},
        {"require", keys::require}};
    EXPECT_EQ(top.size(), std::size(keys::top));
    for (auto const& [name, known] : sections) {
        auto const found = keys_of(top[name]);
        EXPECT_EQ(found.size(), known.size()) << name;
        for (auto const key : known) {
            ASSERT_TRUE(found.contains(std::string(key))) << name << "." << key;
            EXPECT_FALSE(found[std::string(key)].empty()) << "say what it holds: " << key;
        }
    }
    for (auto const& kind : condition_kinds())
        EXPECT_TRUE(top["rule"]["items"]["properties"]["when"]["properties"].contains(
            std::string(kind.name)));
    for (auto const key : keys::top)
        EXPECT_FALSE(top[std::string(key)].empty()) << "say what it holds: " << key;
}

TEST(Schema, TheReadersKnowEveryKeyOfIt) {
    auto const top = schema()["properties"];
    for (auto const& [name, section] : top.items()) {
        bool const is_list = section.value("type", "") == "array";
        auto const members = keys_of(section);
        for (auto const& [key, shape] : members.items()) {
            auto const header = is_list ? cat("[[", name, "]]\n") : cat("[", name, "]\n");
            auto const said = sample::mistakes(cat(header, key, " = 0.5\n")); // none is a fraction
            EXPECT_NE(said, "none") << name << "." << key;
            EXPECT_EQ(said.find("unknown key"), std::string::npos) << said;
        }
    }
}

TEST(Schema, EveryConditionIsInItWithItsExample) {
    for (auto const& kind : condition_kinds()) {
        std::string other(kind.name);
        std::replace(other.begin(), other.end(), '-', '_');
        for (auto const& name : {std::string(kind.name), other}) {
            auto const text = rule_when(cat(name, " = ", kind.example));
            EXPECT_EQ(sample::mistakes(text), "none") << text;
            EXPECT_TRUE(fits_schema(text)) << text;
            EXPECT_FALSE(fits_schema(rule_when(cat(name, " = 1")))) << name;
        }
        if (kind.is_scope) {
            auto const text = allow(cat("id = \"CVE-1\"\n", kind.name, " = ", kind.example));
            EXPECT_EQ(sample::mistakes(text), "none") << text;
            EXPECT_TRUE(fits_schema(text)) << text;
        }
    }
}

TEST(Schema, TakesWhatTheReadersTake) {
    std::string const cases[] = {
        "",
        "precedence = \"devtron\"\n",
        "[severity]\ncritical = \"block\"\nimportant = \"block-if-fixed\"\nlow = \"inherit\"\n",
        "[scan]\non_error = \"warn\"\nuncovered = \"block\"\npartly_covered = \"allow\"\n"
        "max_data_age = \"48h\"\nmax_report_age = \"7d\"\nrequire_signature = false\n"
        "enforce = \"report\"\n",
        "[scan]\non_error = { registry = \"warn\", clair = \"block\", stale = \"allow\" }\n",
        "[exceptions]\nmax_days = 90\nfrom_change = true\nvex_authors = [\"a\"]\n",
        "[budget]\nmedium = 0\n",
        allow("id = [\"CVE-2024-0001\"]\nuntil = \"fixable\""),
        "[[allow]]\nbreak_glass = true\nticket = \"T\"\nreason = \"r\"\nowner = \"o\"\n"
        "issued = 2026-11-24T10:00:00Z\nexpires = 2026-11-25T10:00:00Z\n",
        rule_when("kev = true, package = [\"a*\", \"b\"]") + "reason = \"r\"\n" +
            "[[lock]]\nkey = \"rule.r\"\nwaivable = true\n",
        "[[require]]\nname = \"n\"\nimage = \"registry.example/**\"\nscan = \"recommended\"\n",
    };
    for (auto const& text : cases) {
        EXPECT_EQ(sample::mistakes(text), "none") << text;
        EXPECT_TRUE(fits_schema(text)) << text;
    }
    EXPECT_EQ(sample::mistakes("cluster = \"east\"\n", "environment/prod.toml"), "none");
    EXPECT_TRUE(fits_schema("cluster = \"east\"\n"));
}

TEST(Schema, RefusesWhatTheReadersRefuse) {
    std::string const cases[] = {
        "sevrity = 1\n",
        "severity = \"block\"\n",
        "precedence = \"mine\"\n",
        "cluster = 1\n",
        "[severity]\ncritcal = \"block\"\n",
        "[severity]\ncritical = \"deny\"\n",
        "[scan]\nuncovered = \"inherit\"\n",
        "[scan]\non_error = { clare = \"warn\" }\n",
        "[scan]\nmax_data_age = 48\n",
        "[scan]\nrequire_signature = \"yes\"\n",
        "[scan]\nenforce = \"warn\"\n",
        "[exceptions]\nmax_days = 0\n",
        "[exceptions]\nmax_days = 3651\n",
        "[budget]\nmedium = -1\n",
        "[budget]\nmedium = 1.5\n",
        "[rule]\nname = \"r\"\n",
        "[[rule]]\nname = \"r\"\naction = \"warn\"\n",
        "[[rule]]\nname = \"r\"\naction = \"warn\"\nwhen = {}\n",
        "[[rule]]\nname = \"r\"\naction = \"inherit\"\nwhen = { kev = true }\n",
        rule_when("kve = true"),
        rule_when("kev = \"true\""),
        rule_when("fixed = []"),
        allow(""),
        allow("id = 1"),
        allow("id = \"CVE-1\"\nuntil = \"forever\""),
        allow("id = \"CVE-1\"\ncvss = \">= 9\""),
        allow("break_glass = true"),
        "[[allow]]\nid = \"CVE-1\"\nreason = \"r\"\nowner = \"o\"\n",
        "[[lock]]\nwaivable = true\n",
        "[[require]]\nname = \"n\"\n",
        "[[require]]\nname = \"n\"\nscan = \"maybe\"\n",
    };
    for (auto const& text : cases) {
        EXPECT_NE(sample::mistakes(text), "none") << text;
        EXPECT_FALSE(fits_schema(text)) << text;
    }
}

} // namespace
} // namespace clairgate::policy
