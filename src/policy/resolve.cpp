#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy.hpp>

#include <algorithm>
#include <functional>

namespace clairgate::policy {

namespace {

// Collects what a nearer level says in vain.
class Notes {
  public:
    explicit Notes(std::vector<Note>& notes) : notes_(notes) {}
    void in_vain(Origin const& origin, Origin const& stricter) {
        notes_.push_back({origin,
                          cat(origin.rule,
                              " has no effect: ",
                              stricter.rule,
                              " (",
                              place_of(stricter),
                              ") is stricter")});
    }

  private:
    std::vector<Note>& notes_;
};

// The global file replaces what is built in; every nearer level may only tighten.
template <class T, class IsStricter>
void tighten(std::optional<Setting<T>>& effective,
             std::optional<Setting<T>> const& stated,
             Level level,
             IsStricter is_stricter,
             Notes& notes) {
    if (!stated)
        return;
    bool const may_replace = !effective || level <= Level::global;
    if (may_replace || is_stricter(stated->value, effective->value))
        effective = stated;
    else if (is_stricter(effective->value, stated->value))
        notes.in_vain(stated->origin, effective->origin);
}

constexpr auto is_true_stricter = [](bool a, bool b) { return a && !b; };

// What the built-in layer says, so that somebody does.
template <class T>
T const& settled(std::optional<T> const& setting) {
    CLAIRGATE_ASSERT(setting.has_value());
    return *setting;
}

void resolve_scan(Policy& policy, Notes& notes) {
    ScanOpinions all;
    for (auto const& layer : policy.layers) {
        auto const& scan = layer.scan;
        auto const with = [&](auto& effective, auto const& stated, auto is_stricter) {
            tighten(effective, stated, layer.level, is_stricter, notes);
        };
        for (auto const& [fault, stated] : scan.on_error) {
            auto const known = all.on_error.find(fault);
            std::optional<Setting<Action>> effective;
            if (known != all.on_error.end())
                effective = known->second;
            with(effective, std::optional(stated), std::greater<>());
            all.on_error.insert_or_assign(fault, settled(effective));
        }
        with(all.uncovered, scan.uncovered, std::greater<>());
        with(all.partly_covered, scan.partly_covered, std::greater<>());
        with(all.max_data_age, scan.max_data_age, std::less<>());
        with(all.max_report_age, scan.max_report_age, std::less<>());
        with(all.require_signature, scan.require_signature, is_true_stricter);
        with(all.enforce, scan.enforce, is_true_stricter);
    }
    policy.scan.on_error = std::move(all.on_error);
    policy.scan.uncovered = settled(all.uncovered);
    policy.scan.partly_covered = settled(all.partly_covered);
    policy.scan.max_data_age = all.max_data_age;
    policy.scan.max_report_age = settled(all.max_report_age);
    policy.scan.require_signature = settled(all.require_signature);
    policy.scan.enforce = settled(all.enforce);
}

void resolve_budget(Policy& policy, Notes& notes) {
    for (auto const& layer : policy.layers) {
        for (auto const& [severity, stated] : layer.budget) {
            auto const [known, is_first] = policy.budget.emplace(severity, stated);
            if (is_first)
                continue;
            if (stated.value < known->second.value)
                known->second = stated;
            else if (stated.value > known->second.value)
                notes.in_vain(stated.origin, known->second.origin);
        }
    }
}

bool locks(Layer const& layer, Lock::Kind kind, std::string_view name) {
    return std::any_of(layer.locks.begin(), layer.locks.end(), [&](Lock const& lock) {
        return lock.kind == kind && lock.name == name;
    });
}

// One key of which the nearest level decides, but not below what outer ones locked.
template <class T, class IsLooser>
class Lockable {
  public:
    Lockable(std::string_view name, Lock::Kind kind, IsLooser is_looser)
        : name_(name), kind_(kind), is_looser_(is_looser) {}

    void add(std::optional<Setting<T>> const& stated, Layer const& layer, Notes& notes) {
        if (!stated)
            return;
        if (floor_ && is_looser_(stated->value, floor_->value)) {
            notes.in_vain(stated->origin, floor_->origin);
            effective = floor_;
        } else {
            effective = stated;
        }
        bool const is_higher = !floor_ || is_looser_(floor_->value, stated->value);
        if (is_higher && locks(layer, kind_, name_))
            floor_ = stated;
    }

    std::optional<Setting<T>> effective;

  private:
    std::string_view name_;
    Lock::Kind kind_;
    IsLooser is_looser_;
    std::optional<Setting<T>> floor_;
};

template <class T, class IsLooser>
Lockable<T, IsLooser> lockable(std::string_view name, Lock::Kind kind, IsLooser is_looser) {
    return {name, kind, is_looser};
}

bool names_more(std::vector<std::string> const& a, std::vector<std::string> const& b) {
    return std::any_of(a.begin(), a.end(), [&](std::string const& one) {
        return std::find(b.begin(), b.end(), one) == b.end();
    });
}

void resolve_exceptions(Policy& policy, Notes& notes) {
    constexpr auto kind = Lock::Kind::exceptions;
    auto days = lockable<std::uint32_t>("max_days", kind, std::greater<>());
    auto from_change = lockable<bool>("from_change", kind, is_true_stricter);
    auto authors = lockable<std::vector<std::string>>("vex_authors", kind, names_more);
    std::map<Level, std::optional<Setting<std::uint32_t>>> days_of;
    for (auto const& layer : policy.layers) {
        days.add(layer.exceptions.max_days, layer, notes);
        days_of.insert_or_assign(layer.level, days.effective);
        from_change.add(layer.exceptions.from_change, layer, notes);
        authors.add(layer.exceptions.vex_authors, layer, notes);
    }
    policy.exceptions.max_days = days.effective;
    for (auto const& [level, stated] : days_of) {
        if (!days.effective)
            continue;
        bool const is_stricter = stated && stated->value < days.effective->value;
        policy.exceptions.max_days_of.emplace(level, is_stricter ? *stated : *days.effective);
    }
    policy.exceptions.from_change = settled(from_change.effective);
    policy.exceptions.vex_authors = authors.effective;
}

// The table of severities as a reader would want to see it: the nearest, under the locks.
void resolve_severity(Policy& policy, Notes& notes) {
    for (auto const severity : finding::severities) {
        auto const name = finding::to_string(severity);
        auto action = lockable<Action>(name, Lock::Kind::severity, std::less<>());
        for (auto const& layer : policy.layers) {
            auto const stated = layer.severity.find(severity);
            if (stated != layer.severity.end())
                action.add(stated->second, layer, notes);
        }
        policy.severity.emplace(severity, settled(action.effective));
    }
}

} // namespace

Policy resolve(std::vector<Layer> layers, Context context) {
    Policy policy{};
    policy.layers = merge({built_in_layer()}, std::move(layers));
    policy.context = std::move(context);
    Notes notes(policy.notes);
    resolve_severity(policy, notes);
    resolve_scan(policy, notes);
    resolve_budget(policy, notes);
    resolve_exceptions(policy, notes);
    for (auto const& layer : policy.layers) {
        policy.requirements.insert(
            policy.requirements.end(), layer.requirements.begin(), layer.requirements.end());
        policy.is_devtron = policy.is_devtron || layer.devtron.has_value();
    }
    return policy;
}

} // namespace clairgate::policy
