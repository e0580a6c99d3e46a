#include <clairgate/base/text.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

// "critical by CVSS 9.8, since the vendor gives none" or the severity alone.
std::string severity_phrase(finding::Finding const& finding) {
    auto const word = finding::to_string(finding.severity);
    if (finding.severity_source != "cvss" || finding.cvss.empty())
        return std::string(word);
    auto const tenths = static_cast<int>(finding.cvss.front().score * 10 + 0.5);
    return cat(word, " by CVSS ", tenths / 10, ".", tenths % 10, ", since the vendor gives none");
}

std::string conditions_phrase(Rule const& rule) {
    std::string out;
    for (auto const& condition : rule.when)
        out += cat(out.empty() ? "" : " and ", condition.text);
    return out;
}

std::string waiver_phrase(Waiver const& waiver) {
    return cat(waiver.break_glass ? "BREAK-GLASS " : "",
               waiver.origin.rule,
               " by ",
               waiver.owner,
               waiver.is_vex ? std::string() : cat(" until ", waiver.expires),
               ": ",
               waiver.reason);
}

Action action_of(Layer const& layer, Lock const& lock) {
    if (lock.kind == Lock::Kind::rule) {
        auto const rule = std::find_if(layer.rules.begin(), layer.rules.end(), [&](Rule const& r) {
            return r.name == lock.name;
        });
        CLAIRGATE_ASSERT(rule != layer.rules.end());
        return rule->action;
    }
    auto const severity = finding::parse_severity(lock.name);
    CLAIRGATE_ASSERT(severity.has_value());
    return layer.severity.at(*severity).value;
}

// Who decided, in words.
std::string opinion_phrase(Policy const& policy, Decision const& decision) {
    auto const& layer = policy.layers[decision.by.layer];
    if (decision.by.kind == OpinionRef::Kind::waiver)
        return waiver_phrase(layer.waivers[decision.by.index]);
    if (decision.by.kind == OpinionRef::Kind::rule) {
        auto const& rule = layer.rules[decision.by.index];
        return cat(rule.origin.rule,
                   " (",
                   conditions_phrase(rule),
                   ") is ",
                   to_string(rule.action),
                   rule.reason.empty() ? std::string() : cat(": ", rule.reason));
    }
    auto const severity = static_cast<finding::Severity>(decision.by.index);
    auto const& setting = layer.severity.at(severity);
    return cat(setting.origin.rule, " is ", to_string(setting.value));
}

} // namespace

Origin const& origin_of(Policy const& policy, OpinionRef opinion) {
    auto const& layer = policy.layers.at(opinion.layer);
    switch (opinion.kind) {
    case OpinionRef::Kind::rule:
        return layer.rules.at(opinion.index).origin;
    case OpinionRef::Kind::waiver:
        return layer.waivers.at(opinion.index).origin;
    case OpinionRef::Kind::lock:
        return layer.locks.at(opinion.index).origin;
    case OpinionRef::Kind::severity:
        break;
    }
    return layer.severity.at(static_cast<finding::Severity>(opinion.index)).origin;
}

std::string text_of(Policy const& policy, OpinionRef opinion) {
    auto const& layer = policy.layers.at(opinion.layer);
    auto const& rule = origin_of(policy, opinion).rule;
    if (opinion.kind == OpinionRef::Kind::rule)
        return cat(rule, " is ", to_string(layer.rules.at(opinion.index).action));
    if (opinion.kind == OpinionRef::Kind::lock)
        return cat(
            rule, " holds it at ", to_string(action_of(layer, layer.locks.at(opinion.index))));
    if (opinion.kind == OpinionRef::Kind::waiver)
        return rule;
    auto const severity = static_cast<finding::Severity>(opinion.index);
    return cat(rule, " is ", to_string(layer.severity.at(severity).value));
}

Explanation
explain(Policy const& policy, finding::Finding const& finding, Decision const& decision) {
    bool const has_fix = !finding.fixed_version.empty();
    Explanation out{origin_of(policy, decision.by), std::nullopt, {}, {}};
    out.sentence = cat(severity_phrase(finding),
                       has_fix ? cat(", fixed in ", finding.fixed_version) : ", no fix known",
                       ": ",
                       opinion_phrase(policy, decision));
    if (decision.lock) {
        auto const& layer = policy.layers.at(decision.lock->layer);
        auto const& lock = layer.locks.at(decision.lock->index);
        out.lock = lock.origin;
        out.sentence += cat("; ",
                            lock.origin.rule,
                            " (",
                            place_of(lock.origin),
                            ") holds it at ",
                            to_string(action_of(layer, lock)));
    }
    if (decision.is_assumed)
        out.sentence += "; a fact it asks for is not known, so the stricter outcome counts";
    if (has_fix && decision.effect != Effect::allow)
        out.remedy = cat("upgrade ", finding.package.name, " to ", finding.fixed_version);
    return out;
}

// The scope that fits this package alone: a name also stands for every package built from a source
// of that name, a package URL does not.
std::string_view scope_of(finding::Package const& package) {
    bool const is_also_source = package.source_name.empty() || package.source_name == package.name;
    return is_also_source && !package.purl.empty() ? "purl" : "package";
}

std::string exception_snippet(finding::Finding const& finding) {
    auto const quoted = [](std::string_view text) {
        std::string out = "\"";
        for (char const c : printable(text, 200)) {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
        return out + "\"";
    };
    auto const& package = finding.package;
    auto const scope = scope_of(package);
    auto const versionless = cat(package.purl.substr(0, package.purl.find('@')), "@*");
    return cat("[[allow]]\nid      = [",
               quoted(finding.id),
               "]\n",
               scope,
               scope == "purl" ? "    = " : " = ",
               quoted(scope == "purl" ? versionless : package.name),
               "\nreason  = \"\"   # why it is acceptable\n"
               "owner   = \"\"   # who answers for it\n"
               "expires = YYYY-MM-DD\n");
}

} // namespace clairgate::policy
