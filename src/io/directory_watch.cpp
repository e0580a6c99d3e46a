#include <clairgate/io/directory_watch.hpp>
#include <clairgate/io/race.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <optional>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

namespace clairgate::io {

namespace asio = boost::asio;

struct DirectoryWatch::Impl {
    Impl(Executor of, std::filesystem::path which)
        : executor(std::move(of)), folder(std::move(which)) {}

    // True when the folder is watched from now on but was not before: something may have changed.
    bool begin();
    // Reads what is queued; false when nothing was. Forgets the watch when the folder went away.
    bool drain();
    // Completes at an event; not before it is cancelled when nothing is watched.
    Task<Result<void>> event();

    Executor executor;
    std::filesystem::path folder;
    std::optional<asio::posix::stream_descriptor> stream;
};

namespace {

// Folder events that may mean a new content of some file in it. IN_ATTRIB is there for Kubernetes,
// whose volumes change by swapping a link.
constexpr std::uint32_t interesting = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE |
                                      IN_MOVED_FROM | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                      IN_ONLYDIR;

// Whether the bytes of inotify(7) say that the watch is over.
bool says_the_end(std::string_view bytes) {
    while (bytes.size() >= sizeof(inotify_event)) {
        inotify_event event{};
        bytes.copy(reinterpret_cast<char*>(&event), sizeof event);
        if ((event.mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0)
            return true;
        bytes.remove_prefix(std::min<std::size_t>(bytes.size(), sizeof event + event.len));
    }
    return false;
}

} // namespace

bool DirectoryWatch::Impl::begin() {
    if (stream)
        return false;
    int const descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0)
        return false; // the limit of instances is reached: the interval ticks
    if (::inotify_add_watch(descriptor, folder.c_str(), interesting) < 0) {
        ::close(descriptor);
        return false;
    }
    stream.emplace(executor, descriptor);
    return true;
}

bool DirectoryWatch::Impl::drain() {
    bool was_event = false;
    std::array<char, 4096> buffer{};
    while (stream) {
        auto const count = ::read(stream->native_handle(), buffer.data(), buffer.size());
        if (count <= 0)
            break;
        was_event = true;
        if (says_the_end({buffer.data(), static_cast<std::size_t>(count)}))
            stream.reset();
    }
    return was_event;
}

Task<Result<void>> DirectoryWatch::Impl::event() {
    if (!stream)
        co_return co_await sleep_for(std::chrono::hours(24 * 365));
    auto const outcome = co_await stream->async_wait(asio::posix::stream_descriptor::wait_read,
                                                     asio::as_tuple(asio::use_awaitable));
    if (std::get<0>(outcome))
        co_return Error(ErrorKind::cancelled, "cancelled");
    co_return ok();
}

DirectoryWatch::DirectoryWatch(Executor executor, std::filesystem::path folder)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(folder))) {
    impl_->begin();
}

DirectoryWatch::DirectoryWatch(DirectoryWatch&&) noexcept = default;
DirectoryWatch::~DirectoryWatch() = default;

Task<Result<void>> DirectoryWatch::changed(Duration interval) {
    using namespace asio::experimental::awaitable_operators;
    if (impl_->begin() || impl_->drain())
        co_return ok();
    auto race = co_await (impl_->event() || sleep_for(interval));
    if (race.index() == 1)
        co_return std::get<1>(std::move(race));
    impl_->drain();
    co_return std::get<0>(std::move(race));
}

} // namespace clairgate::io
