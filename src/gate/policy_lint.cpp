#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/policy/policy_test_file.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <algorithm>
#include <set>

namespace clairgate::gate {

namespace {

// What is no mistake, but was hardly meant: told for every context that the files allow.
class Warnings {
  public:
    Warnings(std::vector<policy::SourceFile> const& files, SystemTime now)
        : files_(files), now_(now) {}

    std::set<std::string> collect() {
        for (auto const& context : contexts()) {
            auto const policy = policy::load(files_, context);
            if (!policy.has_value())
                continue; // its mistakes are told elsewhere
            for (auto const& note : policy->notes)
                if (!note.origin.file.empty() && note.origin.rule != "application")
                    say(note.origin, note.text);
            for (auto const& layer : policy->layers)
                look_at(*policy, layer);
        }
        return std::move(said_);
    }

  private:
    std::vector<policy::Context> contexts() const {
        std::vector<std::string> environments{""}, applications{""};
        std::vector<policy::Context> out;
        for (auto const& file : files_) {
            auto const role = policy::role_of(file.path);
            if (!role.has_value() || role->is_test)
                continue;
            if (role->level == policy::Level::environment)
                environments.push_back(role->name);
            if (role->level == policy::Level::application)
                applications.push_back(role->name);
            if (role->level == policy::Level::application_environment)
                out.push_back({"", role->environment, role->name});
            if (role->level == policy::Level::cluster)
                out.push_back({role->name, "", ""});
        }
        // Every environment and application by itself is enough: levels between them have a file.
        for (auto const& environment : environments)
            out.push_back({"", environment, ""});
        for (auto const& application : applications)
            out.push_back({"", "", application});
        return out;
    }

    void look_at(policy::Policy const& policy, policy::Layer const& layer) {
        std::set<std::string> ids;
        for (auto const& waiver : layer.waivers) {
            auto const state = policy::waiver_state(policy, waiver, now_);
            if (state == policy::WaiverUse::State::expired)
                say(waiver.origin, cat(waiver.origin.rule, " expired on ", waiver.expires));
            if (state == policy::WaiverUse::State::refused)
                say(waiver.origin,
                    cat(waiver.origin.rule, " ends later than exceptions.max_days allows"));
            for (auto const& id : waiver.ids)
                if (waiver.scope.empty() && !ids.insert(id).second)
                    say(waiver.origin, cat("a second exception for ", id));
        }
    }

    void say(policy::Origin const& origin, std::string const& text) {
        said_.insert(cat(policy::place_of(origin), ": warning: ", printable(text, 400)));
    }

    std::vector<policy::SourceFile> const& files_;
    SystemTime now_;
    std::set<std::string> said_;
};

} // namespace

io::Task<Outcome> policy_lint(PolicyCall call) {
    auto const read = co_await files_as_written(call);
    if (!read.has_value())
        co_return Outcome::failed(read.error());
    auto const& files = *read;
    auto mistakes = policy::mistakes_of_tree(files);
    (void)policy::tests_of_tree(files, mistakes);
    if (!mistakes.empty())
        co_return Outcome::failed(policy::all_mistakes(std::move(mistakes)));
    auto const warnings = Warnings(files, call.runtime.world().clock.now()).collect();
    std::string out;
    for (auto const& warning : warnings)
        out += cat(warning, "\n");
    out += cat(files.size(),
               files.size() == 1 ? " file, " : " files, ",
               warnings.size(),
               warnings.size() == 1 ? " warning\n" : " warnings\n");
    call.invocation.streams.out(out);
    co_return Outcome::judged(warnings.empty() ? policy::Effect::allow : policy::Effect::warn);
}

} // namespace clairgate::gate
