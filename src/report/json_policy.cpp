#include <clairgate/report/json_parts.hpp>

namespace clairgate::report {

namespace {

void write_exception(JsonWriter& json, ExceptionUse const& use) {
    json.begin_object();
    json.member("break_glass", use.is_break_glass);
    json.member("column", use.origin.column);
    json.member("expires", use.expires);
    json.member("expires_soon", use.expires_soon);
    json.member("file", use.origin.file);
    json.member("ids", use.ids);
    json.member("level", policy::to_string(use.origin.level));
    json.member("line", use.origin.line);
    json.member("matched", use.matched);
    json.member("over_broad", use.is_over_broad);
    json.member("owner", use.owner);
    json.member("reason", use.reason);
    json.member("rule", use.origin.rule);
    json.member("sentence", use.sentence);
    json.member("shadowed", use.is_shadowed);
    json.member("state", use.state);
    json.member("waived", use.waived);
    json.end_object();
}

} // namespace

void write_judgement(JsonWriter& json, policy::Judgement const& judgement) {
    json.begin_object();
    json.member("column", judgement.origin.column);
    json.member("file", judgement.origin.file);
    json.member("level", policy::to_string(judgement.origin.level));
    json.member("line", judgement.origin.line);
    json.member("rule", judgement.origin.rule);
    json.member("sentence", judgement.sentence);
    json.end_object();
}

void write_policy(JsonWriter& json, PolicyAccount const& policy) {
    json.begin_object();
    json.member("enforce", policy.is_enforced ? "block" : "report");
    json.key("files");
    json.begin_array();
    for (auto const& file : policy.files) {
        json.begin_object();
        json.member("digest", file.digest);
        json.member("path", file.path);
        json.member("source", file.source);
        json.end_object();
    }
    json.end_array();
    json.key("not_enforced_by");
    if (policy.not_enforced_by)
        write_place(json, *policy.not_enforced_by);
    else
        json.null();
    json.member("notes", policy.notes);
    json.member("precedence", policy.is_devtron ? "devtron" : "nearest");
    json.member("source", policy.source);
    json.member("trusted", policy.is_trusted);
    json.end_object();
}

void write_budget(JsonWriter& json, Account const& account) {
    json.begin_array();
    for (auto const& one : account.budget) {
        json.begin_object();
        json.member("action", policy::to_string(one.decision.effect));
        json.member("allowed", std::uint64_t{one.allowed});
        json.key("decision");
        write_judgement(json, one.decision);
        json.member("severity", finding::to_string(one.severity));
        json.member("unwaived", std::uint64_t{one.unwaived});
        json.end_object();
    }
    json.end_array();
}

void write_exceptions(JsonWriter& json, Account const& account) {
    json.begin_array();
    for (auto const& use : account.exceptions)
        write_exception(json, use);
    json.end_array();
}

void write_rules(JsonWriter& json, Account const& account) {
    json.begin_array();
    for (auto const& rule : account.rules) {
        json.begin_object();
        json.key("place");
        write_place(json, rule.origin);
        json.member("text", rule.text);
        json.end_object();
    }
    json.end_array();
}

} // namespace clairgate::report
