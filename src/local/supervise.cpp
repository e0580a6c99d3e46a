#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/local/servers.hpp>
#include <clairgate/local/stale_postgres.hpp>
#include <clairgate/local/supervisor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

namespace clairgate::local {

namespace {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr Duration watch_interval = std::chrono::milliseconds(250);
constexpr Duration turn_poll = std::chrono::milliseconds(20);
constexpr Duration turn_max = std::chrono::seconds(20);
constexpr Duration first_holder_max = std::chrono::seconds(10);

// A lock that the kernel lifts when we die, however we die.
class FileLock {
  public:
    static Result<FileLock> open(std::filesystem::path const& path) {
        int const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return Error(ErrorKind::file, cat(path.string(), ": ", std::strerror(errno)));
        return FileLock(fd);
    }
    bool try_lock() const { return ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }
    FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock() {
        if (fd_ >= 0)
            ::close(fd_);
    }

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_;
};

// Waits while the lock's owner is stopping. Once it listens there is nothing left for us to do; we
// must not knock to find out, since we would count as a holder that left.
io::Task<Result<void>> take_turn(io::World& world, Layout const& layout, FileLock const& lock) {
    auto const deadline = Deadline::after(world.clock, turn_max);
    while (!lock.try_lock()) {
        if (std::filesystem::exists(layout.socket) || deadline.passed(world.clock))
            co_return Error(ErrorKind::tool, "another supervisor runs the engine");
        CO_TRY_VOID(co_await io::sleep_for(turn_poll));
    }
    co_return ok();
}

bool is_ours(Socket& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    return peer.uid == ::geteuid() || peer.uid == 0;
}

class Supervisor {
  public:
    Supervisor(io::World& world, Layout const& layout, Servers servers, Deadline start_deadline)
        : world_(world), layout_(layout), servers_(std::move(servers)),
          start_deadline_(start_deadline), changed_(world.executor), acceptor_(world.executor) {}

    io::Task<Result<void>> run() {
        ::unlink(layout_.socket.c_str()); // of a supervisor that was killed; the lock is ours
        boost::system::error_code failed;
        asio::local::stream_protocol::endpoint const endpoint(layout_.socket.string());
        acceptor_.open(endpoint.protocol(), failed);
        if (!failed)
            acceptor_.bind(endpoint, failed);
        if (!failed)
            acceptor_.listen(asio::socket_base::max_listen_connections, failed);
        if (failed)
            co_return Error(ErrorKind::file, cat(layout_.socket.string(), ": ", failed.message()));
        accept_next();
        // A signal ends the waiting, not the coroutine: the servers are stopped in order.
        co_await asio::this_coro::throw_if_cancelled(false);
        auto outcome = co_await start();
        if (outcome.has_value())
            outcome = co_await serve();
        if (!outcome.has_value())
            tell(FailedEvent{outcome.error().text(), outcome.error().remedy()});
        co_await asio::this_coro::reset_cancellation_state();
        co_return co_await stop(std::move(outcome));
    }

  private:
    // Until the last holder has left, a server has ended, or a signal came.
    io::Task<Result<void>> serve() {
        auto const idle_from = world_.clock.steady();
        bool had_holder = false;
        for (;;) {
            had_holder = had_holder || holders_ > 0;
            bool const is_over = holders_ == 0 && (had_holder || world_.clock.steady() - idle_from >
                                                                     first_holder_max);
            if (is_over)
                co_return ok();
            if (auto const casualty = servers_.casualty())
                co_return Error(ErrorKind::tool, *casualty)
                    .with_remedy(cat("see ", layout_.logs.string()));
            CO_TRY_VOID(co_await fulfil_wishes());
            changed_.expires_after(watch_interval);
            (void)co_await changed_.async_wait(quiet);
            auto const state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none)
                co_return Error(ErrorKind::cancelled, "the local engine was told to stop");
        }
    }

    struct Holder {
        explicit Holder(Socket s) : socket(std::move(s)) {}
        Socket socket;
        std::string buffer;
        std::size_t sent = 0; // events already written
        bool is_gone = false;
    };

    void tell(Event const& event) {
        events_.push_back(to_line(event));
        for (auto const& holder : open_)
            pump(holder);
    }

    void accept_next() {
        acceptor_.async_accept(
            [this, life = std::weak_ptr(life_)](boost::system::error_code failed, Socket socket) {
                if (failed || life.expired())
                    return; // closed: we are stopping
                if (is_ours(socket)) {
                    auto holder = std::make_shared<Holder>(std::move(socket));
                    open_.push_back(holder);
                    ++holders_;
                    listen_to(holder);
                    pump(holder);
                    changed_.cancel();
                }
                accept_next();
            });
    }

    // Writes the events one after the other; the next call goes on where this one stopped.
    void pump(std::shared_ptr<Holder> const& holder) {
        if (holder->sent >= events_.size() || is_writing_.contains(holder.get()))
            return;
        is_writing_.insert(holder.get());
        auto line = std::make_shared<std::string>(events_[holder->sent++]);
        asio::async_write(holder->socket,
                          asio::buffer(*line),
                          [this, holder, line, life = std::weak_ptr(life_)](
                              boost::system::error_code failed, std::size_t) {
                              if (life.expired())
                                  return;
                              is_writing_.erase(holder.get());
                              if (!failed)
                                  pump(holder);
                          });
    }

    void listen_to(std::shared_ptr<Holder> const& holder) {
        asio::async_read_until(holder->socket,
                               asio::dynamic_buffer(holder->buffer, line_bytes_max),
                               '\n',
                               [this, holder, life = std::weak_ptr(life_)](
                                   boost::system::error_code failed, std::size_t bytes) {
                                   if (life.expired())
                                       return;
                                   auto const line = holder->buffer.substr(0, failed ? 0 : bytes);
                                   holder->buffer.erase(0, line.size());
                                   if (failed || line == leave_line)
                                       return depart(*holder);
                                   if (auto wish = parse_wish(line); wish.has_value())
                                       wishes_.push_back(*std::move(wish));
                                   changed_.cancel();
                                   listen_to(holder);
                               });
    }

    // The last one's connection stays open, since it waits for our end; the others may go at once.
    void depart(Holder& holder) {
        if (std::exchange(holder.is_gone, true))
            return;
        --holders_;
        boost::system::error_code ignored; // it is gone either way
        if (holders_ > 0)
            holder.socket.close(ignored);
        changed_.cancel();
    }

    io::Task<Result<void>> start() {
        auto const progress = [this](std::string_view step, std::string_view detail) {
            tell(ProgressEvent{std::string(step), std::string(detail)});
        };
        for (auto const* name : {"repo2cpe.json", "name2repos.json"})
            CO_TRY_VOID(io::write_atomically(layout_.engine / name, empty_mapping, 0644));
        CO_TRY_VOID(co_await clear_stale_postgres(layout_, world_.clock, start_deadline_));
        CO_TRY_VOID(co_await servers_.start_postgres(progress, start_deadline_));
        ClairSettings settings;
        settings.postgres_socket_folder = layout_.run;
        settings.mapping_folder = layout_.engine;
        settings.psk_base64 = to_base64(world_.random_bytes(32));
        settings.psk_issuer = "clairgate";
        take_wishes(settings);
        CO_TRY_VOID(co_await servers_.start_clair(settings, progress, start_deadline_));
        tell_ready();
        co_return ok();
    }

    void tell_ready() {
        auto const& settings = servers_.settings();
        tell(ReadyEvent{
            cat("http://127.0.0.1:", settings.api_port), settings.psk_base64, settings.psk_issuer});
    }

    // Whether somebody wants updaters that Clair does not run yet.
    bool take_wishes(ClairSettings& settings) {
        bool is_new = false;
        for (auto const& wish : std::exchange(wishes_, {})) {
            for (auto const& updater : wish.updaters) {
                if (std::find(settings.updaters.begin(), settings.updaters.end(), updater) !=
                    settings.updaters.end())
                    continue;
                settings.updaters.push_back(updater);
                is_new = true;
            }
            for (auto const& [key, url] : wish.updater_urls)
                settings.updater_urls[key] = url;
        }
        return is_new;
    }

    io::Task<Result<void>> fulfil_wishes() {
        auto settings = servers_.settings();
        if (!take_wishes(settings))
            co_return ok();
        auto const progress = [this](std::string_view step, std::string_view detail) {
            tell(ProgressEvent{std::string(step), std::string(detail)});
        };
        CO_TRY_VOID(co_await servers_.stop_clair());
        auto const deadline = Deadline::after(world_.clock, std::chrono::seconds(60));
        CO_TRY_VOID(co_await servers_.start_clair(settings, progress, deadline));
        tell_ready();
        co_return ok();
    }

    io::Task<Result<void>> stop(Result<void> outcome) {
        boost::system::error_code ignored; // there is nobody left to tell
        ::unlink(layout_.socket.c_str());
        acceptor_.close(ignored);
        auto const clair = co_await servers_.stop_clair();
        auto const postgres = co_await servers_.stop_postgres();
        for (auto const& holder : open_)
            holder->socket.close(ignored);
        if (!outcome.has_value())
            co_return outcome;
        if (!clair.has_value())
            co_return clair;
        co_return postgres;
    }

    io::World& world_;
    Layout const& layout_;
    Servers servers_;
    Deadline start_deadline_;
    asio::steady_timer changed_;
    asio::local::stream_protocol::acceptor acceptor_;
    std::vector<std::string> events_;
    std::vector<std::shared_ptr<Holder>> open_;
    std::set<Holder const*> is_writing_;
    std::vector<Wish> wishes_;
    std::size_t holders_ = 0;
    // Handlers outlive us by a turn of the loop: they look here before they touch us.
    std::shared_ptr<int> life_ = std::make_shared<int>(0);
};

} // namespace

io::Task<Result<void>> supervise(io::World& world, Options options) {
    Layout const layout(options.state_folder);
    CO_TRY(auto const run_as, unprivileged_user());
    CO_TRY_VOID(prepare_folders(layout, run_as));
    CO_TRY(auto const lock, FileLock::open(layout.lock));
    CO_TRY_VOID(co_await take_turn(world, layout, lock));
    CO_TRY(auto programs, find_programs(options, world.environment.value("PATH")));
    // Only the folders and the lock were root's business.
    if (run_as)
        CO_TRY_VOID(become(*run_as));
    CO_TRY_VOID(check_access(programs));
    auto environment = program_environment(layout, world.environment);
    Servers servers(world, layout, std::move(programs), std::nullopt, std::move(environment));
    auto const deadline = Deadline::after(world.clock, options.start_time_max);
    Supervisor supervisor(world, layout, std::move(servers), deadline);
    co_return co_await supervisor.run();
}

} // namespace clairgate::local
