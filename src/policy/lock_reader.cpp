#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

struct KindName {
    std::string_view word;
    Lock::Kind kind;
};
constexpr KindName kinds[] = {{"severity", Lock::Kind::severity},
                              {"rule", Lock::Kind::rule},
                              {"scan", Lock::Kind::scan},
                              {"budget", Lock::Kind::budget},
                              {"require", Lock::Kind::require},
                              {"exceptions", Lock::Kind::exceptions}};
static_assert(std::size(kinds) == std::size(keys::lockable));
constexpr std::string_view form =
    "severity.X, rule.NAME, scan.KEY, budget.X, require.NAME or exceptions.KEY";

void read_key(TomlReader& reader, toml::node const& node, std::string_view text, Lock& lock) {
    auto const dot = text.find('.');
    auto const word = text.substr(0, dot);
    auto const* const kind = std::find_if(
        std::begin(kinds), std::end(kinds), [&](KindName const& k) { return k.word == word; });
    bool const has_name = dot != std::string_view::npos && dot + 1 < text.size();
    if (!has_name || kind == std::end(kinds)) {
        return reader.say(node.source(),
                          cat("a lock's key is ",
                              form,
                              ", not \"",
                              printable(text, 60),
                              "\"",
                              did_you_mean(word, keys::lockable)));
    }
    lock.kind = kind->kind;
    lock.name = text.substr(dot + 1);
    bool const is_of_severity =
        lock.kind == Lock::Kind::severity || lock.kind == Lock::Kind::budget;
    if (auto const severity = finding::parse_severity(lock.name); is_of_severity && severity)
        lock.name = finding::to_string(*severity);
}

bool has(Layer const& layer, Lock const& lock) {
    auto const named = [&](auto const& items) {
        return std::any_of(
            items.begin(), items.end(), [&](auto const& item) { return item.name == lock.name; });
    };
    auto const severity = finding::parse_severity(lock.name);
    auto const& scan = layer.scan;
    auto const& name = lock.name;
    switch (lock.kind) {
    case Lock::Kind::severity:
        return severity && layer.severity.contains(*severity);
    case Lock::Kind::budget:
        return severity && layer.budget.contains(*severity);
    case Lock::Kind::rule:
        return named(layer.rules);
    case Lock::Kind::require:
        return named(layer.requirements);
    case Lock::Kind::scan:
        return (name == "on_error" && !scan.on_error.empty()) ||
               (name == "uncovered" && scan.uncovered) ||
               (name == "partly_covered" && scan.partly_covered) ||
               (name == "max_data_age" && scan.max_data_age) ||
               (name == "max_report_age" && scan.max_report_age) ||
               (name == "require_signature" && scan.require_signature) ||
               (name == "enforce" && scan.enforce);
    case Lock::Kind::exceptions:
        return (name == "max_days" && layer.exceptions.max_days) ||
               (name == "from_change" && layer.exceptions.from_change) ||
               (name == "vex_authors" && layer.exceptions.vex_authors);
    }
    return false;
}

} // namespace

void read_lock(TomlReader& reader, toml::table const& table, Layer& layer) {
    Lock lock;
    for (auto const& [key, node] : table) {
        if (key.str() == "key") {
            if (auto const text = reader.text(key, node))
                read_key(reader, node, *text, lock);
        } else if (key.str() == "waivable") {
            lock.is_waivable = reader.boolean(key, node).value_or(false);
        } else {
            reader.say_unknown(key, " in [[lock]]", keys::lock);
        }
    }
    if (table.get("key") == nullptr)
        return reader.say(table.source(), "[[lock]] without key", cat("key is ", form));
    if (lock.name.empty())
        return;
    auto const* const word = std::find_if(
        std::begin(kinds), std::end(kinds), [&](KindName const& k) { return k.kind == lock.kind; });
    lock.origin = reader.origin(table.source(), cat("lock ", word->word, ".", lock.name));
    layer.locks.push_back(std::move(lock));
}

void check_locks(TomlReader& reader, Layer const& layer) {
    for (auto lock = layer.locks.begin(); lock != layer.locks.end(); ++lock) {
        SourcePosition const at{layer.file, lock->origin.line, lock->origin.column};
        if (!has(layer, *lock))
            reader.say(at,
                       cat(lock->origin.rule, " locks what this file does not say"),
                       "say it in this file too: a lock holds the value that stands beside it");
        bool const is_repeated = std::any_of(layer.locks.begin(), lock, [&](Lock const& other) {
            return other.kind == lock->kind && other.name == lock->name;
        });
        if (is_repeated)
            reader.say(at, cat("two of ", lock->origin.rule), "keep one of them");
        bool const may_be_waived =
            lock->kind == Lock::Kind::severity || lock->kind == Lock::Kind::rule;
        if (lock->is_waivable && !may_be_waived)
            reader.say(at,
                       "only locks of severity and rule can be waivable",
                       "take waivable out: no exception speaks of this key");
    }
}

} // namespace clairgate::policy
