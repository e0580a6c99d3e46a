#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/policy/policy_test_file.hpp>

#include <map>

namespace clairgate::gate {

namespace {

Error no_tests(std::filesystem::path const& folder) {
    return Error(ErrorKind::policy, "there is no policy test")
        .with_remedy(cat("write ",
                         (folder / "tests/NAME.toml").string(),
                         " with schema = 1, [[test]] (name, expect) and [[test.finding]] "
                         "(id, severity)"));
}

// The tests of the named files, else of the policy folder; all mistakes of all files at once.
Result<std::vector<policy::PolicyTest>> tests_of(std::vector<std::string> const& named,
                                                 std::vector<policy::SourceFile> const& files) {
    auto mistakes = policy::mistakes_of_tree(files);
    std::vector<policy::PolicyTest> tests;
    if (named.empty())
        tests = policy::tests_of_tree(files, mistakes);
    for (auto const& file : named) {
        auto bytes = io::read_file(file, limits::policy_file_bytes);
        if (!bytes.has_value())
            return Error(ErrorKind::usage, bytes.error().text());
        for (auto& test : policy::parse_policy_tests({file, *std::move(bytes)}, mistakes))
            tests.push_back(std::move(test));
    }
    if (!mistakes.empty())
        return policy::all_mistakes(std::move(mistakes));
    return tests;
}

// Runs tests one by one; the policy of a context is resolved once.
class TestRun {
  public:
    TestRun(std::vector<policy::SourceFile> const& files, SystemTime now)
        : files_(files), now_(now) {}

    Result<void> run(policy::PolicyTest const& test) {
        auto const* const policy = TRY(policy_for(test));
        auto const failures = policy::run_policy_test(*policy, test, now_);
        ++tests_;
        if (failures.empty()) {
            out_ += cat("ok   ", printable(test.name), "\n");
            return ok();
        }
        ++failed_;
        for (auto const& failure : failures)
            out_ += cat(&failure == &failures.front() ? "FAIL " : "     ",
                        &failure == &failures.front() ? cat(printable(test.name), " ") : "",
                        "(",
                        printable(failure.at.file),
                        ":",
                        failure.at.line,
                        "): ",
                        printable(failure.text, 600),
                        "\n");
        return ok();
    }

    bool has_failed() const { return failed_ > 0; }
    std::string text() const {
        return cat(out_, tests_, tests_ == 1 ? " test, " : " tests, ", failed_, " failed\n");
    }

  private:
    // Of files without mistakes: what is wrong then is the level that the test names.
    Result<policy::Policy const*> policy_for(policy::PolicyTest const& test) {
        auto const& context = test.context;
        auto const key = cat(context.cluster, "\n", context.environment, "\n", context.application);
        if (auto const known = policies_.find(key); known != policies_.end())
            return &known->second;
        auto policy = policy::load(files_, context);
        if (!policy.has_value())
            return Error(ErrorKind::policy, policy.error().message())
                .with_position(test.at)
                .with_remedy("correct application, environment or cluster of this test");
        return &policies_.emplace(key, *std::move(policy)).first->second;
    }

    std::vector<policy::SourceFile> const& files_;
    SystemTime now_;
    std::map<std::string, policy::Policy> policies_;
    std::string out_;
    std::size_t tests_ = 0;
    std::size_t failed_ = 0;
};

} // namespace

io::Task<Outcome> policy_test(PolicyCall call) {
    auto const files = co_await files_as_written(call);
    if (!files.has_value())
        co_return Outcome::failed(files.error());
    auto const tests = tests_of(call.arguments, *files);
    if (!tests.has_value())
        co_return Outcome::failed(tests.error());
    if (tests->empty())
        co_return Outcome::failed(no_tests(call.config.policy.folder));
    TestRun run(*files, call.runtime.world().clock.now());
    for (auto const& test : *tests) {
        auto const ran = run.run(test);
        if (!ran.has_value())
            co_return Outcome::failed(ran.error());
    }
    call.invocation.streams.out(run.text());
    if (run.has_failed())
        co_return Outcome::judged(policy::Effect::block);
    co_return Outcome::done();
}

} // namespace clairgate::gate
