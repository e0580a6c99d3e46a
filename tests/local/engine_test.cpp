#include <clairgate/clair/client.hpp>
#include <clairgate/local/engine.hpp>
#include <clairgate/local/layout.hpp>

#include <gtest/gtest.h>

#include <local/real_engine.hpp>

namespace clairgate::local {
namespace {

clair::Options reach(Engine const& engine) {
    clair::Options options;
    options.url = engine.url();
    options.psk = engine.psk();
    options.psk_issuer = engine.psk_issuer();
    return options;
}

TEST(Engine, AnswersWithItsKeyAloneAndIsGoneAfterTheLastHolderLeft) {
    test::EngineScene scene;
    auto engine = scene.start();
    auto const options = reach(*engine);
    auto& world = scene.world;
    EXPECT_TRUE(world.run(clair::probe(world.world, options, scene.deadline())).has_value());
    auto wrong = options;
    wrong.psk = Secret("wrong");
    auto const refused = world.run(clair::probe(world.world, wrong, scene.deadline()));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    scene.leave(*engine);
    EXPECT_FALSE(std::filesystem::exists(Layout(scene.options.state_folder).socket));
}

TEST(Engine, IsSharedByHoldersAndStartsAgainAfterwards) {
    test::EngineScene scene;
    auto first = scene.start();
    auto second = scene.start();
    EXPECT_EQ(first->url().text(), second->url().text());
    scene.leave(*first);
    auto const options = reach(*second);
    EXPECT_TRUE(
        scene.world.run(clair::probe(scene.world.world, options, scene.deadline())).has_value());
    scene.leave(*second);
    auto third = scene.start();
    scene.leave(*third);
}

} // namespace
} // namespace clairgate::local
