#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t word_bytes_max = 60; // of a wrong word, in the message about it

void read_when(TomlReader& reader, toml::key const& at, toml::node const& node, Rule& rule) {
    auto const* const table = node.as_table();
    if (table == nullptr || table->empty())
        return reader.say(at.source(),
                          "when must hold at least one condition",
                          "when = { severity = \"critical\", fixed = true }");
    for (auto const& [key, value] : *table) {
        ConditionValue given = false;
        if (auto const is_true = value.value_exact<bool>()) {
            given = *is_true;
        } else if (value.is_number()) {
            auto const name = printable(key.str(), word_bytes_max);
            reader.say(
                value.source(), cat(name, " must be a comparison"), cat(name, " = \">= 7.0\""));
            continue;
        } else if (auto words = reader.texts(key, value)) {
            given = *std::move(words);
        } else {
            continue;
        }
        auto condition = parse_condition(key.str(), given);
        if (!condition.has_value()) {
            reader.say(key.source(), condition.error().text(), condition.error().remedy());
            continue;
        }
        bool const is_repeated =
            std::any_of(rule.when.begin(), rule.when.end(), [&](Condition const& other) {
                return other.name == condition->name; // spelled with '-' and with '_'
            });
        if (is_repeated)
            reader.say(key.source(), cat("two conditions of ", condition->name));
        else
            rule.when.push_back(*std::move(condition));
    }
}

std::optional<std::string>
read_name(TomlReader& reader, toml::key const& key, toml::node const& node) {
    auto name = reader.prose(key, node);
    if (name && name->size() > name_bytes_max) {
        reader.say(node.source(), cat("a name has at most ", name_bytes_max, " bytes"));
        return std::nullopt;
    }
    return name;
}

// Rules and requirements are known by name: locks and reports name them.
template <class Item>
void add_named(TomlReader& reader,
               toml::table const& table,
               std::string_view kind,
               Item item,
               std::vector<Item>& items) {
    if (item.name.empty())
        return reader.say(table.source(), cat("[[", kind, "]] without name"));
    auto const same = std::find_if(
        items.begin(), items.end(), [&](Item const& other) { return other.name == item.name; });
    if (same != items.end())
        return reader.say(table.source(),
                          cat("two of [[", kind, "]] are named \"", printable(item.name, 60), "\""),
                          cat("the first one is at line ", same->origin.line));
    item.origin = reader.origin(table.source(), cat(kind, ".", item.name));
    items.push_back(std::move(item));
}

} // namespace

void read_rule(TomlReader& reader, toml::table const& table, Layer& layer) {
    Rule rule;
    bool has_action = false;
    for (auto const& [key, node] : table) {
        if (key.str() == "name")
            rule.name = read_name(reader, key, node).value_or("");
        else if (key.str() == "when")
            read_when(reader, key, node, rule);
        else if (key.str() == "reason")
            rule.reason = reader.prose(key, node).value_or("");
        else if (key.str() != "action")
            reader.say_unknown(key, " in [[rule]]", keys::rule);
        else if (auto const action =
                     reader.action(key, node, "the rule's action", keys::rule_actions)) {
            rule.action = *action;
            has_action = true;
        }
    }
    if (table.get("when") == nullptr)
        reader.say(table.source(), "[[rule]] without when", "say when it applies");
    if (!has_action && table.get("action") == nullptr)
        reader.say(table.source(),
                   "[[rule]] without action",
                   cat("action = one of ", choices(keys::rule_actions)));
    else if (!has_action && table.get("action")->value_exact<std::string>() == "inherit")
        reader.say(table.source(), "a rule cannot inherit", "leave the rule out");
    add_named(reader, table, "rule", std::move(rule), layer.rules);
}

void read_require(TomlReader& reader, toml::table const& table, Layer& layer) {
    Requirement requirement;
    for (auto const& [key, node] : table) {
        if (key.str() == "name") {
            requirement.name = read_name(reader, key, node).value_or("");
        } else if (key.str() == "image") {
            auto const pattern = reader.text(key, node);
            if (!pattern)
                continue;
            auto glob = Glob::parse(*pattern);
            if (glob.has_value())
                requirement.image = *std::move(glob);
            else
                reader.say(node.source(), glob.error().message(), glob.error().remedy());
        } else if (key.str() == "scan") {
            auto const word = reader.text(key, node);
            if (!word)
                continue;
            bool is_known = false;
            for (auto const scan : {Requirement::Scan::off,
                                    Requirement::Scan::recommended,
                                    Requirement::Scan::required}) {
                if (to_string(scan) == *word) {
                    requirement.scan = scan;
                    is_known = true;
                }
            }
            if (!is_known)
                reader.say_unknown_word(node, *word, "scan", keys::require_words);
        } else {
            reader.say_unknown(key, " in [[require]]", keys::require);
        }
    }
    if (table.get("scan") == nullptr)
        reader.say(table.source(),
                   "[[require]] without scan",
                   cat("scan = one of ", choices(keys::require_words)));
    add_named(reader, table, "require", std::move(requirement), layer.requirements);
}

} // namespace clairgate::policy
