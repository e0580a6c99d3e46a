// What holds of every policy and finding, on more than a million generated decisions.
#include "policy/any_policy.hpp"
#include "policy/mistakes.hpp"
#include "policy/naive.hpp"
#include "policy/sample_scan.hpp"

#include <algorithm>

namespace clairgate::policy {
namespace {

using sample::Random;

constexpr Level levels[] = {Level::global,
                            Level::cluster,
                            Level::environment,
                            Level::application,
                            Level::application_environment};
constexpr char const* paths[] = {"global.toml",
                                 "cluster/eu.toml",
                                 "environment/prod.toml",
                                 "application/shop.toml",
                                 "application/shop@prod.toml"};
constexpr std::size_t layers_of_level = 40;
constexpr std::size_t findings_count = 200;

// Many layers and findings, parsed once, to be combined.
class World {
  public:
    explicit World(Random& random) : random_(random) {
        for (std::size_t level = 0; level < std::size(levels); ++level) {
            for (std::size_t i = 0; i < layers_of_level; ++i) {
                auto text = sample::any_policy(random, levels[level]);
                auto layer = parse_layer({paths[level], text});
                EXPECT_TRUE(layer.has_value()) << text << sample::mistakes_of(layer);
                layers_[level].push_back(*std::move(layer));
                texts_[level].push_back(std::move(text));
            }
        }
        for (std::size_t i = 0; i < findings_count; ++i)
            findings.push_back(sample::any_finding(random));
        for (auto const& finding : findings)
            facts.push_back({finding, "registry.example/team/app", "prod", sample::now()});
    }

    /// One layer of most levels.
    std::vector<Layer> any_layers() {
        std::vector<Layer> out;
        shown_.clear();
        for (std::size_t level = 0; level < std::size(levels); ++level) {
            if (!random_.chance(70))
                continue;
            auto const i = random_.below(layers_of_level);
            out.push_back(layers_[level][i]);
            shown_ += cat("--- ", paths[level], "\n", texts_[level][i]);
        }
        return out;
    }

    /// How to see the last layers again.
    std::string shown(finding::Finding const& finding) const {
        return cat("seed ",
                   random_.seed(),
                   "\n",
                   shown_,
                   "--- ",
                   finding::to_string(finding.severity),
                   " ",
                   finding.id,
                   " alias ",
                   finding.aliases.empty() ? "none" : finding.aliases[0],
                   ", package ",
                   finding.package.name,
                   ", fixed ",
                   finding.fixed_version);
    }

    std::vector<finding::Finding> findings;
    std::vector<Facts> facts;

  private:
    Random& random_;
    std::vector<Layer> layers_[std::size(levels)];
    std::vector<std::string> texts_[std::size(levels)];
    std::string shown_;
};

std::string name_of(std::vector<Layer> const& layers) {
    std::string out;
    for (auto const& layer : layers) {
        out += cat(to_string(layer.level), " ", layer.rules.size(), " ", layer.waivers.size());
        for (auto const& [severity, setting] : layer.severity)
            out += cat(" ", finding::to_string(severity), to_string(setting.value));
        for (auto const& waiver : layer.waivers)
            out += cat(" ", waiver.origin.rule, waiver.expires);
        out += "\n";
    }
    return out;
}

TEST(ResolutionProperties, ANaiveEvaluatorAgreesOnEveryFinding) {
    constexpr int policies = 1'000;
    Random random;
    World world(random);
    for (int round = 0; round < policies; ++round) {
        auto const policy = resolve(world.any_layers(), {"eu", "prod", "shop"});
        Evaluator const evaluator(policy);
        for (auto const& facts : world.facts) {
            auto const decision = evaluator.decide(facts);
            auto const answer = naive::decide(policy, facts);
            ASSERT_EQ(decision.effect, answer.effect) << world.shown(facts.finding);
            ASSERT_EQ(decision.is_waived, answer.is_waived) << world.shown(facts.finding);
        }
    }
}

TEST(ResolutionProperties, ANaiveEvaluatorAgreesOnTheVerdict) {
    constexpr int policies = 100;
    Random random;
    World world(random);
    for (int round = 0; round < policies; ++round) {
        auto const policy = resolve(world.any_layers(), {"eu", "prod", "shop"});
        auto const verdict = sample::judge(policy, sample::scan(world.findings));
        ASSERT_EQ(verdict.effect(), naive::judge(policy, world.facts))
            << world.shown(world.findings.front());
    }
}

TEST(ResolutionProperties, MergingIsAssociativeAndIdempotent) {
    constexpr int rounds = 500;
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    World world(random);
    for (int round = 0; round < rounds; ++round) {
        auto const a = world.any_layers();
        auto const b = world.any_layers();
        auto const c = world.any_layers();
        auto const left = merge(merge(a, b), c);
        ASSERT_EQ(name_of(left), name_of(merge(a, merge(b, c))));
        ASSERT_EQ(name_of(merge(left, left)), name_of(left));
        ASSERT_EQ(name_of(merge({}, a)), name_of(merge(a, {})));
        for (std::size_t i = 1; i < left.size(); ++i)
            ASSERT_LT(left[i - 1].level, left[i].level);
    }
}

// What a lock of this layer that is not waivable holds the finding at; `alone` has no other layer.
std::optional<Effect> held_at(Layer const& layer, Policy const& alone, Facts const& facts) {
    auto const decision = Evaluator(alone).decide(facts);
    auto const& origin = origin_of(alone, decision.by);
    bool const is_held = origin.level == layer.level &&
                         std::any_of(layer.locks.begin(), layer.locks.end(), [&](Lock const& lock) {
                             return !lock.is_waivable && "lock " + origin.rule == lock.origin.rule;
                         });
    return is_held ? std::optional(decision.effect) : std::nullopt;
}

TEST(ResolutionProperties, NobodyLoosensALockThatIsNotWaivable) {
    constexpr int policies = 700;
    Random random;
    World world(random);
    std::size_t held_count = 0;
    for (int round = 0; round < policies; ++round) {
        auto const policy = resolve(world.any_layers(), {"eu", "prod", "shop"});
        Evaluator const evaluator(policy);
        for (auto const& layer : policy.layers) {
            if (layer.locks.empty())
                continue;
            auto alone = resolve({layer}, {});
            alone.is_devtron = policy.is_devtron;
            for (std::size_t i = 0; i < 40; ++i) {
                auto const& facts = world.facts[random.below(world.facts.size())];
                auto const held = held_at(layer, alone, facts);
                held_count += std::size_t{held.has_value()};
                if (held) {
                    ASSERT_GE(evaluator.decide(facts).effect, *held)
                        << to_string(layer.level) << "\n"
                        << world.shown(facts.finding);
                }
            }
        }
    }
    EXPECT_GT(held_count, 1'000U) << "the generator makes too few locks";
}

TEST(ResolutionProperties, AnExceptionNeverBlocksMore) {
    constexpr int policies = 1'200;
    Random random;
    World world(random);
    std::size_t lifted = 0;
    for (int round = 0; round < policies; ++round) {
        auto const before = resolve(world.any_layers(), {"eu", "prod", "shop"});
        auto layers = before.layers;
        auto& layer = layers[random.below(layers.size())];
        auto const path = layer.level == Level::built_in ? "global.toml" : layer.file;
        auto const text = sample::any_allow(random);
        auto added = parse_layer({path, "schema = 1\n" + text}).value().waivers.front();
        added.origin.level = layer.level;
        layer.waivers.insert(layer.waivers.begin() + static_cast<std::ptrdiff_t>(
                                                         random.below(layer.waivers.size() + 1)),
                             std::move(added));
        auto const after = resolve(layers, before.context);
        Evaluator const first(before);
        Evaluator const second(after);
        for (auto const& facts : world.facts) {
            auto const effect = first.decide(facts).effect;
            auto const now = second.decide(facts).effect;
            ASSERT_LE(now, effect) << path << ": " << text << world.shown(facts.finding);
            lifted += std::size_t{now < effect};
        }
    }
    EXPECT_GT(lifted, 1'000U) << "the generator makes too few exceptions that count";
}

TEST(ResolutionProperties, TheOrderInsideOfAFileDoesNotMatter) {
    constexpr int policies = 800;
    Random random;
    World world(random);
    for (int round = 0; round < policies; ++round) {
        auto const policy = resolve(world.any_layers(), {"eu", "prod", "shop"});
        auto shuffled = policy;
        for (auto& layer : shuffled.layers) {
            std::shuffle(layer.rules.begin(), layer.rules.end(), random.engine());
            std::shuffle(layer.waivers.begin(), layer.waivers.end(), random.engine());
            std::shuffle(layer.locks.begin(), layer.locks.end(), random.engine());
        }
        std::shuffle(shuffled.layers.begin(), shuffled.layers.end(), random.engine());
        auto const again = resolve(shuffled.layers, policy.context);
        Evaluator const first(policy);
        Evaluator const second(again);
        for (auto const& facts : world.facts) {
            auto const a = first.decide(facts);
            auto const b = second.decide(facts);
            ASSERT_EQ(a.effect, b.effect) << world.shown(facts.finding);
            ASSERT_EQ(a.is_waived, b.is_waived) << world.shown(facts.finding);
        }
    }
}

TEST(ResolutionProperties, TheOrderOfFilesAndFindingsDoesNotMatter) {
    constexpr int rounds = 150;
    Random random;
    World world(random);
    for (int round = 0; round < rounds; ++round) {
        std::vector<SourceFile> files;
        for (std::size_t level = 0; level < std::size(levels); ++level)
            if (levels[level] == Level::environment || random.chance(70))
                files.push_back({paths[level], sample::any_policy(random, levels[level])});
        auto const policy = load(files, {"", "prod", "shop"}).value();
        std::shuffle(files.begin(), files.end(), random.engine());
        auto const again = load(files, {"", "prod", "shop"}).value();
        auto findings = world.findings;
        auto const verdict = sample::judge(policy, sample::scan(findings));
        std::shuffle(findings.begin(), findings.end(), random.engine());
        auto const other = sample::judge(again, sample::scan(findings));
        SCOPED_TRACE(cat("seed ", random.seed()));
        ASSERT_EQ(verdict.effect(), other.effect());
        ASSERT_EQ(policy.notes.size(), again.notes.size());
        ASSERT_EQ(verdict.budget().size(), other.budget().size());
        for (std::size_t i = 0; i < verdict.budget().size(); ++i)
            ASSERT_EQ(verdict.budget()[i].unwaived, other.budget()[i].unwaived);
        ASSERT_EQ(verdict.waivers().size(), other.waivers().size());
        for (std::size_t i = 0; i < verdict.waivers().size(); ++i) {
            ASSERT_EQ(verdict.waivers()[i].matched, other.waivers()[i].matched);
            ASSERT_EQ(verdict.waivers()[i].waived, other.waivers()[i].waived);
        }
    }
}

} // namespace
} // namespace clairgate::policy
