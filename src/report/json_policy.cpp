#include <clairgate/report/json_parts.hpp>

#include <array>

namespace clairgate::report {

namespace {

std::string_view to_string(policy::WaiverUse::State state) {
    static constexpr std::array<std::string_view, 4> words{
        "active", "expired", "not-yet", "refused"};
    return words.at(static_cast<std::size_t>(state));
}

void write_exception(JsonWriter& json, policy::Policy const& policy, policy::WaiverUse const& use) {
    auto const& waiver = policy.layers.at(use.waiver.layer).waivers.at(use.waiver.index);
    json.begin_object();
    json.member("break_glass", waiver.break_glass.has_value());
    json.member("column", waiver.origin.column);
    json.member("expires", waiver.expires);
    json.member("expires_soon", use.expires_soon);
    json.member("file", waiver.origin.file);
    json.member("ids", waiver.ids);
    json.member("level", policy::to_string(waiver.origin.level));
    json.member("line", waiver.origin.line);
    json.member("matched", std::uint64_t{use.matched});
    json.member("over_broad", use.is_over_broad);
    json.member("owner", waiver.owner);
    json.member("reason", waiver.reason);
    json.member("sentence", use.sentence);
    json.member("shadowed", use.is_shadowed);
    json.member("state", to_string(use.state));
    json.member("waived", std::uint64_t{use.waived});
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

void write_policy(JsonWriter& json, policy::Policy const& policy) {
    json.begin_object();
    json.member("enforce", policy.scan.enforce.value ? "block" : "report");
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
    json.key("notes");
    json.begin_array();
    for (auto const& note : policy.notes)
        json.value(note.text);
    json.end_array();
    json.member("precedence", policy.is_devtron ? "devtron" : "nearest");
    json.member("source", policy.source);
    json.member("trusted", policy.is_trusted);
    json.end_object();
}

void write_budget(JsonWriter& json, Report const& report) {
    json.begin_array();
    if (report.verdict) {
        for (auto const& one : report.verdict->budget()) {
            json.begin_object();
            json.member("action", policy::to_string(one.decision.effect));
            json.member("allowed", std::uint64_t{one.allowed});
            json.key("decision");
            write_judgement(json, one.decision);
            json.member("severity", finding::to_string(one.severity));
            json.member("unwaived", std::uint64_t{one.unwaived});
            json.end_object();
        }
    }
    json.end_array();
}

void write_exceptions(JsonWriter& json, Report const& report) {
    json.begin_array();
    if (report.verdict)
        for (auto const& use : report.verdict->waivers())
            write_exception(json, *report.policy, use);
    json.end_array();
}

} // namespace clairgate::report
