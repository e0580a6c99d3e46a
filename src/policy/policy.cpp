#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::policy {

namespace {

Origin built_in_origin(std::string rule) {
    return {Level::built_in, "", 0, 0, std::move(rule)};
}

Setting<Action> built_in_action(std::string rule, Action action) {
    return {action, built_in_origin(std::move(rule))};
}

Action action_of(finding::Severity severity) {
    if (severity == finding::Severity::critical)
        return Action::block;
    return severity == finding::Severity::high ? Action::block_if_fixed : Action::warn;
}

bool is_before(Layer const& a, Layer const& b) {
    return a.level < b.level;
}

} // namespace

Layer built_in_layer() {
    Layer layer;
    for (auto const severity : finding::severities)
        layer.severity.emplace(
            severity,
            built_in_action(cat("severity.", finding::to_string(severity)), action_of(severity)));
    for (auto const* fault : {"clair", "registry"})
        layer.scan.on_error.emplace(fault, built_in_action("scan.on_error", Action::block));
    layer.scan.uncovered = built_in_action("scan.uncovered", Action::block);
    layer.scan.partly_covered = built_in_action("scan.partly_covered", Action::warn);
    layer.scan.max_report_age =
        Setting<Duration>{std::chrono::hours(7 * 24), built_in_origin("scan.max_report_age")};
    layer.scan.require_signature = Setting<bool>{true, built_in_origin("scan.require_signature")};
    layer.scan.enforce = Setting<bool>{true, built_in_origin("scan.enforce")};
    layer.exceptions.from_change = Setting<bool>{false, built_in_origin("exceptions.from_change")};
    return layer;
}

Policy built_in() {
    return resolve({built_in_layer()}, {});
}

std::vector<Layer> merge(std::vector<Layer> outer, std::vector<Layer> nearer) {
    for (auto& layer : nearer) {
        auto const same = std::find_if(outer.begin(), outer.end(), [&](Layer const& other) {
            return other.level == layer.level;
        });
        if (same != outer.end())
            *same = std::move(layer);
        else
            outer.push_back(std::move(layer));
    }
    std::sort(outer.begin(), outer.end(), is_before); // a level is there once
    return outer;
}

} // namespace clairgate::policy
