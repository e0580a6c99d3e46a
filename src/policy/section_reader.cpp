#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>
#include <limits>

namespace clairgate::policy {

namespace {

bool is_severity_word(std::string_view word) {
    return std::find(std::begin(keys::severities), std::end(keys::severities), word) !=
           std::end(keys::severities);
}

// One action for all faults, or a table with one per class of fault.
void read_on_error(TomlReader& reader, toml::key const& key, toml::node const& node, Layer& layer) {
    auto const* const table = node.as_table();
    if (table == nullptr) {
        if (auto const action = reader.action(key, node, "scan.on_error", keys::effects))
            for (std::string_view const fault : {"registry", "clair"})
                layer.scan.on_error.insert_or_assign(
                    std::string(fault),
                    Setting<Action>{*action, reader.origin(key.source(), "scan.on_error")});
        return;
    }
    for (auto const& [fault, value] : *table) {
        auto const known = std::find(std::begin(keys::faults), std::end(keys::faults), fault.str());
        if (known == std::end(keys::faults)) {
            reader.say_unknown(fault, " in scan.on_error", keys::faults);
            continue;
        }
        auto rule = cat("scan.on_error.", fault.str());
        if (auto const action = reader.action(fault, value, rule, keys::effects))
            layer.scan.on_error.insert_or_assign(
                std::string(fault.str()),
                Setting<Action>{*action, reader.origin(fault.source(), std::move(rule))});
    }
}

void read_enforce(TomlReader& reader, toml::key const& key, toml::node const& node, Layer& layer) {
    auto const word = reader.text(key, node);
    if (!word)
        return;
    if (*word != "report" && *word != "block")
        return reader.say_unknown_word(node, *word, "scan.enforce", keys::enforce_words);
    if (*word == "report" && layer.level > Level::global)
        return reader.say(node.source(),
                          "scan.enforce = \"report\" of a nearer level would loosen the gate",
                          "only global.toml may say it");
    layer.scan.enforce =
        Setting<bool>{*word == "block", reader.origin(key.source(), "scan.enforce")};
}

void read_scan_key(TomlReader& reader, toml::key const& key, toml::node const& node, Layer& layer) {
    auto& scan = layer.scan;
    auto const name = key.str();
    auto rule = cat("scan.", name);
    auto const effect = [&](std::optional<Setting<Action>>& into) {
        if (auto const action = reader.action(key, node, rule, keys::effects))
            into = Setting<Action>{*action, reader.origin(key.source(), rule)};
    };
    auto const age = [&](std::optional<Setting<Duration>>& into) {
        if (auto const duration = reader.duration(key, node))
            into = Setting<Duration>{*duration, reader.origin(key.source(), rule)};
    };
    if (name == "on_error")
        return read_on_error(reader, key, node, layer);
    if (name == "enforce")
        return read_enforce(reader, key, node, layer);
    if (name == "uncovered")
        return effect(scan.uncovered);
    if (name == "partly_covered")
        return effect(scan.partly_covered);
    if (name == "max_data_age")
        return age(scan.max_data_age);
    if (name == "max_report_age")
        return age(scan.max_report_age);
    if (name != "require_signature")
        return reader.say_unknown(key, " in [scan]", keys::scan);
    if (auto const is_required = reader.boolean(key, node))
        scan.require_signature =
            Setting<bool>{*is_required, reader.origin(key.source(), std::move(rule))};
}

} // namespace

void read_scan(TomlReader& reader, toml::table const& table, Layer& layer) {
    for (auto const& [key, node] : table)
        read_scan_key(reader, key, node, layer);
}

void read_exceptions(TomlReader& reader, toml::table const& table, Layer& layer) {
    auto& exceptions = layer.exceptions;
    for (auto const& [key, node] : table) {
        auto const origin = reader.origin(key.source(), cat("exceptions.", key.str()));
        if (key.str() == "max_days") {
            auto const days = reader.integer(key, node);
            if (days && (*days < 1 || *days > keys::days_max))
                reader.say(node.source(), cat("max_days is between 1 and ", keys::days_max));
            else if (days)
                exceptions.max_days =
                    Setting<std::uint32_t>{static_cast<std::uint32_t>(*days), origin};
        } else if (key.str() == "from_change") {
            if (auto const may = reader.boolean(key, node))
                exceptions.from_change = Setting<bool>{*may, origin};
        } else if (key.str() == "vex_authors") {
            if (auto authors = reader.texts(key, node))
                exceptions.vex_authors =
                    Setting<std::vector<std::string>>{*std::move(authors), origin};
        } else {
            reader.say_unknown(key, " in [exceptions]", keys::exceptions);
        }
    }
}

void read_severity(TomlReader& reader, toml::table const& table, Layer& layer) {
    std::map<finding::Severity, std::string> seen;
    for (auto const& [key, node] : table) {
        auto const name = key.str();
        auto const severity = finding::parse_severity(name);
        if (!severity || !is_severity_word(name)) {
            reader.say_unknown(key, " in [severity]", keys::severities);
            continue;
        }
        if (auto const [first, is_first] = seen.emplace(*severity, name); !is_first) {
            reader.say(key.source(),
                       cat(name, " and ", first->second, " are the same severity"),
                       "keep one of them");
            continue;
        }
        auto rule = cat("severity.", finding::to_string(*severity));
        if (auto const action = reader.action(key, node, rule, keys::severity_actions))
            layer.severity.insert_or_assign(
                *severity, Setting<Action>{*action, reader.origin(key.source(), std::move(rule))});
    }
}

void read_budget(TomlReader& reader, toml::table const& table, Layer& layer) {
    for (auto const& [key, node] : table) {
        auto const severity = finding::parse_severity(key.str());
        if (!severity || !is_severity_word(key.str())) {
            reader.say_unknown(key, " in [budget]", keys::severities);
            continue;
        }
        auto const count = reader.integer(key, node);
        if (!count)
            continue;
        if (*count < 0) {
            reader.say(node.source(), "a budget is not negative");
            continue;
        }
        auto rule = cat("budget.", finding::to_string(*severity));
        auto const [known, is_first] = layer.budget.emplace(
            *severity,
            Setting<std::uint64_t>{static_cast<std::uint64_t>(*count),
                                   reader.origin(key.source(), std::move(rule))});
        if (!is_first)
            reader.say(key.source(), cat("two budgets for ", finding::to_string(*severity)));
    }
}

} // namespace clairgate::policy
