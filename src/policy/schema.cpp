#include <clairgate/base/text.hpp>
#include <clairgate/policy/condition.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/schema.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace clairgate::policy {

namespace {

using Json = nlohmann::ordered_json;
using Words = std::span<std::string_view const>;

Json typed(std::string_view type) {
    auto out = Json::object();
    out["type"] = type;
    return out;
}

Json any_of(Json one, Json other) {
    auto out = Json::object();
    out["anyOf"] = Json::array();
    out["anyOf"].push_back(std::move(one));
    out["anyOf"].push_back(std::move(other));
    return out;
}

Json word_of(Words words) {
    auto out = typed("string");
    for (auto const word : words)
        out["enum"].push_back(word);
    return out;
}

Json flag() {
    return typed("boolean");
}
Json prose() {
    auto out = typed("string");
    out["minLength"] = 1;
    return out;
}
Json texts() {
    auto list = typed("array");
    list["items"] = typed("string");
    return any_of(typed("string"), std::move(list));
}
Json list_of(Json items) {
    auto out = typed("array");
    out["items"] = std::move(items);
    return out;
}
Json effect() {
    return word_of(keys::effects);
}
Json duration() {
    auto out = prose();
    out["examples"].push_back("48h");
    out["examples"].push_back("7d");
    return out;
}
// Editors see TOML's dates as strings.
Json moment() {
    auto out = typed("string");
    out["format"] = "date-time";
    return out;
}
Json day_or_moment() {
    auto day = typed("string");
    day["format"] = "date";
    return any_of(std::move(day), moment());
}
Json count() {
    auto out = typed("integer");
    out["minimum"] = 0;
    return out;
}
Json days() {
    auto out = typed("integer");
    out["minimum"] = 1;
    out["maximum"] = keys::days_max;
    return out;
}

// A table with these keys alone.
template <class ShapeOf>
Json table_of(Words words, ShapeOf shape_of) {
    auto out = typed("object");
    out["additionalProperties"] = false;
    for (auto const word : words)
        out["properties"][std::string(word)] = shape_of(word);
    return out;
}

Json required(Json table, std::initializer_list<char const*> words) {
    for (auto const* const word : words)
        table["required"].push_back(word);
    return table;
}

Json on_error() {
    return any_of(effect(), table_of(keys::faults, [](auto) { return effect(); }));
}

Json lock_key() {
    auto out = typed("string");
    std::string either;
    for (auto const word : keys::lockable)
        either += cat(either.empty() ? "" : "|", word);
    out["pattern"] = cat("^(", either, ")\\..+$");
    return out;
}

// What the keys of the sections hold, and what an editor shows beside them. A key that is not here
// may hold anything.
struct Member {
    std::string_view key;
    std::string_view help;
    Json (*shape)();
};
constexpr Member members[] = {
    {"scan.on_error", "when the registry or Clair fails; one action, or one per class", on_error},
    {"scan.uncovered", "when nothing in the image can be judged", effect},
    {"scan.partly_covered", "when some parts of the image cannot be judged", effect},
    {"scan.max_data_age", "older vulnerability data does not count", duration},
    {"scan.max_report_age", "older reports do not count (verify, deployed)", duration},
    {"scan.require_signature", "unsigned evidence does not count", flag},
    {"scan.enforce",
     "report: a block is told everywhere, but stops nothing",
     [] { return word_of(keys::enforce_words); }},
    {"exceptions.max_days", "exceptions that end later do not count", days},
    {"exceptions.from_change", "a change request's own exceptions count for it", flag},
    {"exceptions.vex_authors", "whose VEX documents count", texts},
    {"rule.name", "locks, tests and reports name the rule by it", prose},
    {"rule.action",
     "block-if-fixed warns while no fix is known",
     [] { return word_of(keys::rule_actions); }},
    {"rule.reason", "why; every output shows it", prose},
    {"allow.id", "CVE, GHSA, RHSA…; aliases are matched", texts},
    {"allow.reason", "why it is acceptable", prose},
    {"allow.owner", "who answers for it", prose},
    {"allow.expires", "a date, which holds through its end, UTC; no quotes", day_or_moment},
    {"allow.until",
     "it ends even earlier, when a fix is known",
     [] { return word_of(keys::until_words); }},
    {"allow.break_glass", "lets anything through for at most 72 h, loudly", flag},
    {"allow.ticket", "of a break-glass", prose},
    {"allow.issued", "of a break-glass: when it was given", moment},
    {"lock.key",
     "severity.X, rule.NAME, scan.KEY, budget.X, require.NAME, exceptions.KEY",
     lock_key},
    {"lock.waivable", "an exception of a nearer level lifts it for its finding", flag},
    {"require.name", "locks and reports name it", prose},
    {"require.image", "repository; glob; absent: all", prose},
    {"require.scan",
     "whether these images must be scanned",
     [] { return word_of(keys::require_words); }},
};

Json described(Json shape, std::string_view help) {
    shape["description"] = help;
    return shape;
}

Json member_of(std::string_view section, std::string_view key) {
    auto const name = cat(section, ".", key);
    for (auto const& one : members)
        if (one.key == name)
            return described(one.shape(), one.help);
    return Json::object();
}

// Its example says which type a condition takes; as JSON it reads the same.
Json condition_shape(ConditionKind const& kind) {
    auto example = Json::parse(kind.example, nullptr, false);
    auto out = described(example.is_boolean() ? flag() : texts(), kind.help);
    if (!example.is_discarded())
        out["examples"].push_back(std::move(example));
    return out;
}

Json when() {
    auto out = table_of({}, [](auto) { return Json(); });
    out["minProperties"] = 1;
    for (auto const& kind : condition_kinds()) {
        std::string name(kind.name);
        out["properties"][name] = condition_shape(kind);
        if (std::replace(name.begin(), name.end(), '-', '_'); name != kind.name)
            out["properties"][name] = condition_shape(kind); // the other spelling
    }
    return described(std::move(out), "all of these must hold");
}

Json rule() {
    auto table = table_of(keys::rule, [](std::string_view key) {
        return key == "when" ? when() : member_of("rule", key);
    });
    return list_of(required(std::move(table), {"name", "when", "action"}));
}

Json allow() {
    auto table =
        table_of(keys::allow, [](std::string_view key) { return member_of("allow", key); });
    for (auto const& kind : condition_kinds())
        if (kind.is_scope)
            table["properties"][std::string(kind.name)] = condition_shape(kind);
    table = required(std::move(table), {"reason", "owner", "expires"});
    auto is_break_glass = Json::object();
    is_break_glass["properties"]["break_glass"]["const"] = true;
    table["if"] = required(std::move(is_break_glass), {"break_glass"});
    table["then"] = required(Json::object(), {"ticket", "issued"});
    table["else"] = required(Json::object(), {"id"});
    return list_of(std::move(table));
}

Json section_of(std::string_view name) {
    auto const member = [name](std::string_view key) { return member_of(name, key); };
    if (name == "schema") {
        auto out = typed("integer");
        out["const"] = 1;
        return out;
    }
    if (name == "precedence")
        return described(word_of(keys::precedence_words), "global.toml alone");
    if (name == "cluster")
        return described(prose(), "of an environment: which cluster's file stands before it");
    if (name == "severity")
        return table_of(keys::severities, [](auto) { return word_of(keys::severity_actions); });
    if (name == "budget")
        return described(table_of(keys::severities, [](auto) { return count(); }),
                         "more findings of a severity without an exception block");
    if (name == "scan")
        return table_of(keys::scan, member);
    if (name == "exceptions")
        return table_of(keys::exceptions, member);
    if (name == "rule")
        return rule();
    if (name == "allow")
        return allow();
    if (name == "lock")
        return list_of(required(table_of(keys::lock, member), {"key"}));
    if (name == "require")
        return list_of(required(table_of(keys::require, member), {"name", "scan"}));
    return Json::object();
}

} // namespace

std::string file_schema() {
    auto out = Json::object();
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    out["title"] = "clairgate policy file";
    out.update(required(table_of(keys::top, section_of), {"schema"}));
    return out.dump(2) + "\n";
}

} // namespace clairgate::policy
